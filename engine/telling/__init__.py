"""What is said of a case, in words: the same in the terminal and on the page. Plain text and parts of it, no printing."""
