"""Read git repositories: file lists, revisions, contents and changes."""
