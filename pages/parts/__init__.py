"""What pages share: the frame they stand in, boards, lists, forms, the meeting."""
