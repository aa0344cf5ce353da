# Finds a JDK 25 or newer; to be sourced. Sets JAVA to its java, or says what to install and fails.

# Prints the feature version of the JDK in a folder, from its release file: no JVM is started.
jdk_version() {
  local line version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=\"}
        printf '%s' "${version%%[!0-9]*}"
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

find_jdk() {
  local candidate on_path version
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/* /usr/java/* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/}"/.sdkman/candidates/java/* \
    "$on_path"; do
    version=$(jdk_version "$candidate") || continue
    if [ "${version:-0}" -ge 25 ]; then
      JAVA=$candidate/bin/java
      return 0
    fi
  done
  echo "torpor: needs a JDK 25 or newer and found none; install one (Temurin 25, say: https://adoptium.net) or point JAVA_HOME at it" >&2
  return 1
}
