# Builds a module when something that it is made from has changed; to be sourced, after jdk.sh.
# ROOT is the repository's folder.

# Tells whether a source of the modules $2... is newer than the stamp $1.
is_stale() {
  local stamp=$1 module sources=("$ROOT/pom.xml")
  [[ -e $stamp ]] || return 0
  shift
  for module; do
    sources+=("$ROOT/$module/pom.xml")
    [[ ! -d $ROOT/$module/src/main ]] || sources+=("$ROOT/$module/src/main")
  done
  [[ -n $(find "${sources[@]}" -newer "$stamp" -print -quit) ]]
}

# build_if_stale COMMAND MODULE...: builds the last module, which is made from all of them, and then
# runs the command. Of two that come at once, the second waits and has nothing to do.
build_if_stale() {
  local after=$1 module=${!#} stamp
  shift
  stamp=$ROOT/$module/target/built
  is_stale "$stamp" "$@" || return 0
  type -P mvn >/dev/null || {
    echo "torpor: needs Maven (mvn) to build, and found none; install it (Debian: apt-get install maven)" >&2
    return 1
  }
  mkdir -p "$ROOT/target" "$ROOT/$module/target"
  (
    ! type -P flock >/dev/null || flock 9 # macOS has none
    is_stale "$stamp" "$@" || exit 0
    touch "$stamp-soon" # what changes while it is built is built the next time
    build "$module" && "$after" && mv "$stamp-soon" "$stamp"
  ) 9>"$ROOT/target/building"
}

# Builds module $1 and what it is made from, without tests and checks.
build() {
  local log=$ROOT/$1/target/build.log
  echo "building Torpor (the first time: about a minute) …" >&2
  if ! (cd "$ROOT" && JAVA_HOME=$JDK mvn -B -Dquick -DskipTests -pl "$1" -am package) \
    </dev/null 2>&1 9>&- | tee "$log" | show_progress; then
    grep -E '^\[ERROR\]' "$log" | head -n 8 >&2 || true
    echo "torpor: the build failed; all it said is in $log" >&2
    return 1
  fi
}

# Reads what Maven says, and keeps a line on the terminal that tells where it is.
show_progress() {
  local line words started=$SECONDS
  if [[ ! -t 2 ]]; then
    cat >/dev/null
    return
  fi
  while IFS= read -r line; do
    case $line in
      '[INFO] Building Torpor'*) read -ra words <<<"${line#\[INFO\] Building }" ;;
      *Downloading\ from*) words=(downloading "${line##*/}") ;;
      *) continue ;;
    esac
    printf '\r\033[K  %3d s  %.70s' $((SECONDS - started)) "${words[*]}" >&2
  done
  printf '\r\033[K' >&2
}
