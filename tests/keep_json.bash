# keep_json.bash -- copies of the JSON that tests and examples make the program print, for setup_suite.bash to hold against
# the schema.

# keep_json COMMAND...: runs a command; where that prints JSON, a copy goes into a file of its own in $GRADCALC_JSON. Output
# that goes to no file and no pipe is left alone.
keep_json () {
  if [[ ! ${GRADCALC_JSON-} || ! " $* " =~ \ (-f|--format)[=\ ]?json\  ]] || [[ ! -p /dev/stdout && ! -f /dev/stdout ]]; then
    "$@"
    return
  fi
  "$@" | tee -- "$GRADCALC_JSON/$BASHPID-$EPOCHREALTIME"
  return "${PIPESTATUS[0]}"
}
