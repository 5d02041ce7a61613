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
  ledgenter_node= ledgenter_launcher= ledgenter_desks= ledgenter_ledger= ledgenter_branches= ledgenter_run_name= ledgenter_actor= ledgenter_host= ledgenter_stale=
  ledgenter_trailer=Task ledgenter_strict=false ledgenter_reservations=warn ledgenter_push=carry
  [ -r "$ledgenter_conf" ] || return 1
  while read -r ledgenter_key ledgenter_value; do
    case $ledgenter_key in
      node) ledgenter_node=$ledgenter_value ;;
      launcher) ledgenter_launcher=$ledgenter_value ;;
      desks) ledgenter_desks=$ledgenter_value ;;
      ledger) ledgenter_ledger=$ledgenter_value ;;
      branch) ledgenter_branches="$ledgenter_branches$ledgenter_value$ledgenter_nl" ;;
      run) ledgenter_run_name=$ledgenter_value ;;
      actor) ledgenter_actor=$ledgenter_value ;;
      host) [ -n "$ledgenter_host" ] || ledgenter_is_host $ledgenter_value ;;
      trailer) ledgenter_trailer=$ledgenter_value ;;
      strict) ledgenter_strict=$ledgenter_value ;;
      reservations) ledgenter_reservations=$ledgenter_value ;;
      push) ledgenter_push=$ledgenter_value ;;
      watch) [ "$ledgenter_value" -nt "$ledgenter_conf" ] && ledgenter_stale=1 ;;
    esac
  done <"$ledgenter_conf"
  # A variable counts before the configuration, as everywhere; what makes no sense counts for nothing.
  case ${LEDGENTER_TRAILER-} in '' | [!A-Za-z]* | *[!A-Za-z0-9-]*) ;; *) ledgenter_trailer=$LEDGENTER_TRAILER ;; esac
  case ${LEDGENTER_STRICT-} in
    '') ;;
    [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn] | 1) ledgenter_strict=true ;;
    *) ledgenter_strict=false ;;
  esac
  case ${LEDGENTER_RESERVATIONS-} in [Oo][Ff][Ff] | [Ff][Aa][Ll][Ss][Ee]) ledgenter_reservations=off ;; '') ;; *) ledgenter_reservations=on ;; esac
  case ${LEDGENTER_PUSH-} in [Oo][Ff][Ff] | [Ff][Aa][Ll][Ss][Ee]) ledgenter_push=off ;; '') ;; *) ledgenter_push=on ;; esac
  if [ -n "$ledgenter_stale" ] && [ -z "${ledgenter_refreshed-}" ]; then
    ledgenter_refreshed=1
    ledgenter_start refresh </dev/null && ledgenter_settings
    return
  fi
  ledgenter_choose && [ -n "$ledgenter_desks" ] && [ -d "$ledgenter_desk" ]
}

# ledgenter_desk = the desk of the ledger in use, found as every other surface finds it: named by a variable or in git's
# configuration, else that of the branch, else what this worktree remembers, else main. False where a variable names none.
ledgenter_choose() {
  [ -n "${LEDGENTER_LEDGER-}" ] && ledgenter_ledger=$LEDGENTER_LEDGER
  if [ -z "$ledgenter_ledger" ]; then
    ledgenter_git_dir
    [ -n "$ledgenter_branches" ] && ledgenter_of_branch
    [ -z "$ledgenter_ledger" ] && [ -r "$ledgenter_git/ledgenter-ledger" ] &&
      { read -r ledgenter_ledger <"$ledgenter_git/ledgenter-ledger" || :; }
    case $ledgenter_ledger in '' | -* | *[!a-z0-9-]*) ledgenter_ledger=main ;; esac
  fi
  case $ledgenter_ledger in -* | *[!a-z0-9-]*) return 1 ;; esac
  ledgenter_desk=$ledgenter_desks/$ledgenter_ledger
}

# ledgenter_ledger = that of the branch that is checked out, or that a rebase works on.
ledgenter_of_branch() {
  for ledgenter_file in HEAD rebase-merge/head-name rebase-apply/head-name; do
    ledgenter_line=
    [ -r "$ledgenter_git/$ledgenter_file" ] && { read -r ledgenter_line <"$ledgenter_git/$ledgenter_file" || :; }
    # A repository with reftable keeps no branch in that file.
    case $ledgenter_line in 'ref: refs/heads/.invalid') ledgenter_line=$(git symbolic-ref -q HEAD) || ledgenter_line= ;; esac
    ledgenter_line=${ledgenter_line#ref: }
    case $ledgenter_line in refs/heads/*) break ;; esac
  done
  ledgenter_key="$ledgenter_nl${ledgenter_line#refs/heads/} "
  case $ledgenter_nl$ledgenter_branches in
    *"$ledgenter_key"*)
      ledgenter_value="$ledgenter_nl$ledgenter_branches"
      ledgenter_value=${ledgenter_value#*"$ledgenter_key"}
      ledgenter_ledger=${ledgenter_value%%"$ledgenter_nl"*}
      ;;
  esac
}

# ledgenter_host = the name that comes first, when one of the variables behind it is set and does not mean no. The names are
# ours, from the one table of hosts.
ledgenter_is_host() {
  ledgenter_named=$1
  shift
  for ledgenter_file in "$@"; do
    eval "ledgenter_line=\${$ledgenter_file-}"
    case $ledgenter_line in '' | 0 | [Ff][Aa][Ll][Ss][Ee]) ;; *) ledgenter_host=$ledgenter_named && return 0 ;; esac
  done
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
    # One line a command, whatever hooks it runs.
    case $ledgenter_hook in
      post-commit | pre-push | post-merge)
        ledgenter_say "the program of this hook is gone, so nothing was linked; ledgenter hooks install puts it right, ledgenter hooks uninstall takes the hooks away"
        ;;
    esac
    return 1
  fi
}

# With at most two of git's own words.
ledgenter_run() {
  case $# in
    0) ledgenter_start run "$ledgenter_hook" ;;
    1) ledgenter_start run "$ledgenter_hook" "--args=$1" ;;
    *) ledgenter_start run "$ledgenter_hook" "--args=$1" "--args=$2" ;;
  esac
  # Only a refusal stops git: a fault of ours ends with another code.
  [ $? -eq 77 ] && ledgenter_status=1
  return 0
}

# True while git makes commits by itself: what they are is told once, by post-rewrite.
ledgenter_rebasing() {
  [ -d "$ledgenter_git/rebase-merge" ] || [ -d "$ledgenter_git/rebase-apply" ]
}

# The runs of whoever commits here, as words: the one that is named, else the one that this actor has in this worktree.
ledgenter_runs_here() {
  ledgenter_runs=
  ledgenter_named=${LEDGENTER_RUN:-$ledgenter_run_name}
  if [ -n "$ledgenter_named" ]; then
    ledgenter_named="run $ledgenter_named"
  else
    ledgenter_named=${CLAUDE_CODE_SESSION_ID:-${GITHUB_RUN_ID:-${CI_JOB_ID:-${BUILDKITE_JOB_ID-}}}}
    [ -n "$ledgenter_named" ] && ledgenter_named="session $ledgenter_named"
  fi
  if [ -n "$ledgenter_named" ]; then
    [ -r "$ledgenter_git/ledgenter-runs/named" ] || return 1
    while IFS='|' read -r ledgenter_value ledgenter_key; do
      [ "$ledgenter_key" = "$ledgenter_named" ] && ledgenter_runs="$ledgenter_runs $ledgenter_value"
    done <"$ledgenter_git/ledgenter-runs/named"
    [ -n "$ledgenter_runs" ]
    return
  fi
  ledgenter_named=${LEDGENTER_ACTOR:-$ledgenter_actor}
  for ledgenter_file in "$ledgenter_git"/ledgenter-runs/*.json; do
    [ -r "$ledgenter_file" ] || continue
    case $ledgenter_named in
      '' | *[!a-z0-9._-]*) ;;
      *) [ "${ledgenter_file##*/}" = "$ledgenter_named.json" ] || continue ;;
    esac
    read -r ledgenter_line <"$ledgenter_file" || :
    # A person and an agent in one worktree are two, under whatever name.
    ledgenter_field host
    [ "$ledgenter_value" = "$ledgenter_host" ] || continue
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

# A time as a number that grows with it: 2026-01-31T09:00:00.000Z -> 20260131090000000.
ledgenter_number() {
  ledgenter_ifs=$IFS
  IFS='-T:.Z'
  # shellcheck disable=SC2086
  set -- $1
  IFS=$ledgenter_ifs
  ledgenter_value="${1-0}${2-}${3-}${4-}${5-}${6-}${7-}"
  case $ledgenter_value in *[!0-9]*) ledgenter_value=0 ;; esac
}

# ledgenter_task = the task that the run of whoever commits holds, the latest where there are several, one whose lease is over
# only where there is no other; empty without one. ledgenter_until = the end of its lease, ledgenter_over = 1 past it.
ledgenter_held() {
  ledgenter_task= ledgenter_until= ledgenter_over= ledgenter_latest=0 ledgenter_now=
  for ledgenter_hold in "$ledgenter_desk"/holds/t-*.json; do
    [ -r "$ledgenter_hold" ] || return 1
    [ -n "${ledgenter_runs-}" ] || ledgenter_runs_here || return 1
    read -r ledgenter_line <"$ledgenter_hold" || :
    ledgenter_field run
    case " $ledgenter_runs " in *" $ledgenter_value "*) ;; *) continue ;; esac
    [ -n "$ledgenter_now" ] || ledgenter_now=$(date -u +%Y%m%d%H%M%S)000
    ledgenter_field lease_until
    ledgenter_end=$ledgenter_value
    ledgenter_number "$ledgenter_end"
    [ "$ledgenter_now" -ge "$ledgenter_value" ] && ledgenter_gone=1 || ledgenter_gone=
    [ -n "$ledgenter_gone" ] && [ -n "$ledgenter_task" ] && [ -z "$ledgenter_over" ] && continue
    ledgenter_field since
    ledgenter_number "$ledgenter_value"
    if [ -n "$ledgenter_over" ] && [ -z "$ledgenter_gone" ]; then ledgenter_latest=0; fi
    [ "$ledgenter_value" -gt "$ledgenter_latest" ] || continue
    ledgenter_latest=$ledgenter_value ledgenter_until=$ledgenter_end ledgenter_over=$ledgenter_gone
    ledgenter_task=${ledgenter_hold##*/}
    ledgenter_task=${ledgenter_task%.json}
  done
  [ -n "$ledgenter_task" ]
}

# True where branches, tags or worktrees may have moved since the code was looked through.
ledgenter_moved() {
  ledgenter_hooked=${ledgenter_conf%/*} ledgenter_root=${ledgenter_conf%/ledgenter/hooks/conf}
  [ -e "$ledgenter_hooked/look-again" ] && return 0
  for ledgenter_file in "$ledgenter_git/FETCH_HEAD" "$ledgenter_root/FETCH_HEAD" "$ledgenter_root/packed-refs" \
    "$ledgenter_root/refs/heads" "$ledgenter_root"/refs/heads/*/ "$ledgenter_root"/refs/remotes/*/ "$ledgenter_root"/refs/remotes/*/*/; do
    [ "$ledgenter_file" -nt "$ledgenter_hooked/code-seen-$ledgenter_ledger" ] && return 0
  done
  return 1
}

# Lines of a message that are read: behind them is what `--verbose` shows, or a text in which nobody looks for a trailer.
ledgenter_most=1000

# Reads a message: ledgenter_subject, ledgenter_has (1 with a trailer of that name), ledgenter_ids (what stands behind colons and
# is shaped like a task id, for the program to judge).
ledgenter_message() {
  ledgenter_subject= ledgenter_has= ledgenter_ids= ledgenter_count=0
  [ -r "$1" ] || return 1
  # Blanks before a line are taken away: a squash sets the messages that it joins in.
  while read -r ledgenter_line || [ -n "$ledgenter_line" ]; do
    case $ledgenter_line in
      ?' ------------------------ >8 '*) break ;;
      '') continue ;;
    esac
    ledgenter_count=$((ledgenter_count + 1))
    [ "$ledgenter_count" -gt "$ledgenter_most" ] && break
    case $ledgenter_line in "$ledgenter_trailer":*) ledgenter_has=1 ;; esac
    case $ledgenter_line in
      *:*[\ ,:][tT]-[0-9A-Za-z][0-9A-Za-z][0-9A-Za-z][0-9A-Za-z]* | *:[tT]-[0-9A-Za-z][0-9A-Za-z][0-9A-Za-z][0-9A-Za-z]*)
        ledgenter_ids="$ledgenter_ids ${ledgenter_line#*:}"
        ;;
    esac
    [ -n "$ledgenter_subject" ] || ledgenter_subject=$ledgenter_line
  done <"$1"
}

# True for what git joins or takes apart later by itself.
ledgenter_fixup() {
  case $ledgenter_subject in 'fixup! '* | 'squash! '* | 'amend! '*) return 0 ;; esac
  return 1
}
