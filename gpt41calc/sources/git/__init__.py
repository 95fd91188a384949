"""What git knows: listings, revisions, contents and changes of a repository."""
