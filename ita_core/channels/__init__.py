"""What goes out to people: mail by SMTP (`mail.py`), LINE by its Messaging API (`line.py`).

Each sends one message to one address and says in one sentence why it could not (`faults.py`). They know no database and
no person: who is told what is `queries/reminders.py`, and what was sent is kept by `workflow/reminding.py`.
"""
