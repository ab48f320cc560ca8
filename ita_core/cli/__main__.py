from ita_core.cli import main

main()
