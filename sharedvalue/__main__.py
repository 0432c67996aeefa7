"""`python -m sharedvalue` is the command `sharedvalue`."""

from sharedvalue.cli.main import main

if __name__ == "__main__":
    main()
