# What the hooks of ledgenter share; read into each of them by `.` and never run by itself.
#
# POSIX sh. Until there is something to do nothing but builtins is used: a commit that has nothing to do with a task pays
# for reading a few small files. Node is started by ledgenter_run alone.
#
# Given by the stub in the hooks folder: ledgenter_hooks (the folder of this file), ledgenter_conf (what
# `ledgenter hooks install` wrote down), ledgenter_hook (which hook this is). Answered to it: ledgenter_status.

ledgenter_status=0
ledgenter_nl='
'

ledgenter_say() {
  printf 'ledgenter: %s\n' "$1" >&2
}

# The settings that count here; ledgenter_stale=1 when git's configuration changed since they were written down.
ledgenter_settings() {
  ledgenter_node= ledgenter_launcher= ledgenter_desk= ledgenter_run_name= ledgenter_stale=
  ledgenter_trailer=Task ledgenter_strict=false ledgenter_reservations=warn ledgenter_push=carry
  [ -r "$ledgenter_conf" ] || return 1
  while read -r ledgenter_key ledgenter_value; do
    case $ledgenter_key in
      node) ledgenter_node=$ledgenter_value ;;
      launcher) ledgenter_launcher=$ledgenter_value ;;
      desk) ledgenter_desk=$ledgenter_value ;;
      run) ledgenter_run_name=$ledgenter_value ;;
      trailer) ledgenter_trailer=$ledgenter_value ;;
      strict) ledgenter_strict=$ledgenter_value ;;
      reservations) ledgenter_reservations=$ledgenter_value ;;
      push) ledgenter_push=$ledgenter_value ;;
      watch) [ "$ledgenter_value" -nt "$ledgenter_conf" ] && ledgenter_stale=1 ;;
    esac
  done <"$ledgenter_conf"
  # A variable counts before the configuration, as everywhere.
  ledgenter_trailer=${LEDGENTER_TRAILER:-$ledgenter_trailer}
  ledgenter_strict=${LEDGENTER_STRICT:-$ledgenter_strict}
  ledgenter_reservations=${LEDGENTER_RESERVATIONS:-$ledgenter_reservations}
  ledgenter_push=${LEDGENTER_PUSH:-$ledgenter_push}
  if [ -n "$ledgenter_stale" ] && [ -z "${ledgenter_refreshed-}" ]; then
    ledgenter_refreshed=1
    ledgenter_start refresh </dev/null && ledgenter_settings
    return
  fi
  [ -n "$ledgenter_desk" ] && [ -d "$ledgenter_desk" ]
}

# The git dir of this worktree, found as git does it.
ledgenter_git_dir() {
  if [ -n "${GIT_DIR-}" ]; then
    ledgenter_git=$GIT_DIR
  elif [ -d .git ]; then
    ledgenter_git=.git
  elif [ -f .git ]; then
    read -r ledgenter_git <.git || :
    ledgenter_git=${ledgenter_git#gitdir: }
  else
    ledgenter_git=.
  fi
}

# Starts `ledgenter hooks` with the words given; its exit code is this function's.
ledgenter_start() {
  if [ -n "$ledgenter_node" ] && [ -x "$ledgenter_node" ] && [ -r "$ledgenter_launcher" ]; then
    "$ledgenter_node" "$ledgenter_launcher" hooks "$@"
  elif command -v ledgenter >/dev/null 2>&1; then
    ledgenter hooks "$@"
  else
    ledgenter_say "the program of this hook is gone, so this was not linked; ledgenter hooks install puts it right, ledgenter hooks uninstall takes the hooks away"
    return 0
  fi
}

# With at most two of git's own words.
ledgenter_run() {
  case $# in
    0) ledgenter_start run "$ledgenter_hook" ;;
    1) ledgenter_start run "$ledgenter_hook" "--args=$1" ;;
    *) ledgenter_start run "$ledgenter_hook" "--args=$1" "--args=$2" ;;
  esac || ledgenter_status=$?
}

# True while git makes commits by itself: what they are is told once, by post-rewrite.
ledgenter_rebasing() {
  [ -d "$ledgenter_git/rebase-merge" ] || [ -d "$ledgenter_git/rebase-apply" ]
}

# The runs that write in this worktree, as words: the one that is named, else those of the worktree itself.
ledgenter_runs_here() {
  ledgenter_runs=
  ledgenter_named=${LEDGENTER_RUN:-$ledgenter_run_name}
  if [ -n "$ledgenter_named" ]; then
    ledgenter_named="run $ledgenter_named"
  else
    ledgenter_named=${CLAUDE_CODE_SESSION_ID:-${GITHUB_RUN_ID:-${CI_JOB_ID:-${BUILDKITE_JOB_ID-}}}}
    [ -n "$ledgenter_named" ] && ledgenter_named="session $ledgenter_named"
  fi
  if [ -n "$ledgenter_named" ] && [ -r "$ledgenter_git/ledgenter-runs/named" ]; then
    while IFS='|' read -r ledgenter_value ledgenter_key; do
      [ "$ledgenter_key" = "$ledgenter_named" ] && ledgenter_runs="$ledgenter_runs $ledgenter_value"
    done <"$ledgenter_git/ledgenter-runs/named"
  fi
  [ -n "$ledgenter_runs" ] && return 0
  case $ledgenter_named in run\ *) return 1 ;; esac
  for ledgenter_file in "$ledgenter_git"/ledgenter-runs/*.json; do
    [ -r "$ledgenter_file" ] || continue
    # With several actors in one worktree the one that is named counts.
    case ${LEDGENTER_ACTOR-} in
      '' | *[!a-z0-9._-]*) ;;
      *) [ "${ledgenter_file##*/}" = "$LEDGENTER_ACTOR.json" ] || continue ;;
    esac
    read -r ledgenter_line <"$ledgenter_file" || :
    ledgenter_field run
    [ -n "$ledgenter_value" ] && ledgenter_runs="$ledgenter_runs $ledgenter_value"
  done
  [ -n "$ledgenter_runs" ]
}

# ledgenter_value = the text of one field of the JSON object in ledgenter_line, whose texts hold no quotes.
ledgenter_field() {
  case $ledgenter_line in
    *"\"$1\":\""*)
      ledgenter_value=${ledgenter_line#*"\"$1\":\""}
      ledgenter_value=${ledgenter_value%%\"*}
      ;;
    *) ledgenter_value= ;;
  esac
}

# A time as a number that grows with it: 2026-01-31T09:00:00.000Z -> 20260131090000.
ledgenter_number() {
  ledgenter_ifs=$IFS
  IFS='-T:.Z'
  # shellcheck disable=SC2086
  set -- $1
  IFS=$ledgenter_ifs
  ledgenter_value="${1-0}${2-}${3-}${4-}${5-}${6-}"
  case $ledgenter_value in *[!0-9]*) ledgenter_value=0 ;; esac
}

# ledgenter_task = the task that a run of this worktree holds, the latest where there are several; empty without one.
# ledgenter_until = the end of its lease.
ledgenter_held() {
  ledgenter_task= ledgenter_until= ledgenter_latest=0
  for ledgenter_hold in "$ledgenter_desk"/holds/t-*.json; do
    [ -r "$ledgenter_hold" ] || return 1
    [ -n "${ledgenter_runs-}" ] || ledgenter_runs_here || return 1
    read -r ledgenter_line <"$ledgenter_hold" || :
    ledgenter_field run
    case " $ledgenter_runs " in *" $ledgenter_value "*) ;; *) continue ;; esac
    ledgenter_field since
    ledgenter_number "$ledgenter_value"
    [ "$ledgenter_value" -gt "$ledgenter_latest" ] || continue
    ledgenter_latest=$ledgenter_value
    ledgenter_task=${ledgenter_hold##*/}
    ledgenter_task=${ledgenter_task%.json}
    ledgenter_field lease_until
    ledgenter_until=$ledgenter_value
  done
  [ -n "$ledgenter_task" ]
}

# True when the lease in ledgenter_until is over.
ledgenter_lapsed() {
  ledgenter_number "$ledgenter_until"
  [ "$(date -u +%Y%m%d%H%M%S)" -ge "$ledgenter_value" ]
}

# Reads a message: ledgenter_subject, ledgenter_body (1 when there is more than trailers of ours), ledgenter_has (1 with a
# trailer of that name), ledgenter_ids (the task ids that trailers name).
ledgenter_message() {
  ledgenter_subject= ledgenter_body= ledgenter_has= ledgenter_ids=
  [ -r "$1" ] || return 1
  while IFS= read -r ledgenter_line || [ -n "$ledgenter_line" ]; do
    case $ledgenter_line in
      '# ------------------------ >8'*) break ;;
      '' | '#'*) continue ;;
      [Cc]loses:*) ledgenter_ids="$ledgenter_ids ${ledgenter_line#*:}" ;;
      "$ledgenter_trailer":*)
        ledgenter_has=1
        ledgenter_ids="$ledgenter_ids ${ledgenter_line#*:}"
        continue
        ;;
      *:*)
        # The same name in other letters is a trailer too.
        case ${ledgenter_line%%:*} in
          [Tt][Aa][Ss][Kk]) [ "$ledgenter_trailer" = Task ] && ledgenter_has=1 && ledgenter_ids="$ledgenter_ids ${ledgenter_line#*:}" && continue ;;
        esac
        ;;
    esac
    ledgenter_body=1
    [ -n "$ledgenter_subject" ] || ledgenter_subject=$ledgenter_line
  done <"$1"
  # Only what is shaped like an id of ours counts.
  case $ledgenter_ids in *t-[0-9a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]*) ;; *) ledgenter_ids= ;; esac
}

# True for what git joins or takes apart later by itself.
ledgenter_fixup() {
  case $ledgenter_subject in 'fixup! '* | 'squash! '* | 'amend! '*) return 0 ;; esac
  return 1
}
