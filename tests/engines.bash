# engines.bash -- what engines.bats and shards.bats need of the programs that share records out; without them a test is left out.

needs () {
  command -v "$1" >/dev/null || skip "$1 is not installed"
}

needs_module () {
  python3 -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$1') is None)" 2>/dev/null || skip "Python has no $1"
}

# Spark here alone. What its virtual machine compiles at length would pay after these tests have ended.
needs_spark () {
  needs java
  needs_module pyspark
  export SPARK_LOCAL_IP=127.0.0.1
  export PYSPARK_SUBMIT_ARGS="--conf spark.ui.enabled=false \
--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
}

# gradcalc-mpi, and the launcher that belongs to its library, which may be asked for more processes than there are processors.
needs_mpi () {
  program=$builddir/gradcalc-mpi launcher=mpiexec
  [[ -x $program ]] || skip "gradcalc-mpi is not built (configure --with-mpi)"
  ldd "$program" | grep -q libmpich && launcher=mpiexec.mpich
  ldd "$program" | grep -q openmpi && launcher=mpiexec.openmpi
  command -v "$launcher" >/dev/null || launcher=mpiexec
  needs "$launcher"
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
}
