# setup_suite.bash -- before and after all the files of a run of bats: JSON that the program printed fits the schema.

setup_suite () {
  export GRADCALC_JSON=$BATS_SUITE_TMPDIR/json
  mkdir "$GRADCALC_JSON"
}

# In one process for all of it. Where there is no python3-jsonschema, schema.bats says that it is skipped; where only the
# program was made, there is no schema.
teardown_suite () {
  local here kept schema
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  kept=("$GRADCALC_JSON"/*)
  schema=${builddir:-$here/..}/man/gradcalc.schema.json
  [[ -e ${kept[0]} && -e $schema ]] || return 0
  "$here/schema.py" "$schema" 0 "${kept[@]}" || (( $? == 77 ))
}
