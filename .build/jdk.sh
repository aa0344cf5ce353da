# Finds a JDK 25 or newer; to be sourced. Starts no JVM: a JDK's release file tells its version.

# Sets jdk_version to the feature version of the JDK in folder $1.
read_jdk_version() {
  local line
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      jdk_version=${BASH_REMATCH[1]}
      return 0
    fi
  done <"$1/release"
  return 1
}

# Prints the folder of the JDK that the PATH leads to.
jdk_on_path() {
  local compiler
  compiler=$(type -P javac) || return 0
  compiler=$(readlink -f "$compiler")
  printf '%s' "${compiler%/bin/javac}"
}

# Sets JDK to its folder and JAVA to its java, or says what to install and fails.
find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.sdkman/candidates/java/* PATH; do
    [[ $candidate != PATH ]] || candidate=$(jdk_on_path)
    if read_jdk_version "$candidate" && ((jdk_version >= 25)); then
      JDK=$candidate
      JAVA=$JDK/bin/java
      return 0
    fi
  done
  echo "torpor: needs a JDK 25 or newer and found none; install one (Temurin 25, say: https://adoptium.net) or point JAVA_HOME at it" >&2
  return 1
}
