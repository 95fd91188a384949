#!/bin/sh
# Says what went wrong by its exit status, as gpt41calc does.
gpt41calc check prompts --token-budget 200 --max-cost 0.05 --report markdown:check.md
status=$?
case $status in
  0) ;;
  1) echo "over budget: see check.md" >&2 ;;
  3) echo "some files could not be counted" >&2 ;;
  *) echo "nothing was checked" >&2 ;;
esac
exit "$status"
