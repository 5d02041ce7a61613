/**
 * Words that people in software use for one thing, one group a line. A text that uses any of them is found by any other,
 * at less weight than by its own word. Words of several parts hold where they stand side by side. A word may stand in
 * several groups; a group is kept narrow, because a wide one finds everything.
 */
const TABLE = `
login, log in, logon, sign in, authenticate, authentication, auth, credential
sign up, register, registration, create account
password, passphrase, passwd
secret, credential, api key, access key, private key, token
permission, access right, authorization, authorize, acl, role, forbidden, 403, denied, not allowed
expire, expiry, outdated, lapse, ttl, time to live, out of date
crash, panic, segfault, abort, core dump, blow up, die, terminate unexpectedly
exception, traceback, stack trace, backtrace, throw
error, failure, fail, fault, go wrong
bug, defect, issue, regression
flaky, intermittent, nondeterministic, sporadic, unreliable, unstable, now and then, fail randomly, occasionally
hang, freeze, stuck, deadlock, unresponsive, block, stall, never return, never finish
slow, latency, performance, sluggish, lag, take long, speed, delay
fast, quick, speed, performance, speed up, optimize
timeout, time out, deadline, too long
memory, ram, heap, oom, out of memory
memory leak, leak, memory growth, grow without bound, memory grow
disk, storage, volume, disk space, no space, enospc
cpu, processor, core
race, race condition, concurrent, concurrency, simultaneous, at once, same time, parallel
lock, mutex, semaphore, exclusive
thread, worker, goroutine, coroutine
queue, backlog, buffer, message broker
retry, try again, reattempt, backoff, repeat
duplicate, twice, double, idempotent, repeated
cache, memoize, stale, cached, invalidate
config, configuration, setting, preference, option, env var, environment variable, configure
flag, switch, toggle, feature flag
environment, env, staging, sandbox
install, installation, setup, set up, onboarding
dependency, package, library, module, third party
lockfile, lock file, pinned version, shrinkwrap
version, release, semver, tag
upgrade, update, bump, migrate to
downgrade, rollback, roll back, revert, undo, back out, go back
deploy, deployment, rollout, ship, release, go live, push to production
production, prod, live
build, compile, compilation, bundle, transpile
ci, continuous integration, pipeline, build server, build machine, github actions, jenkins, runner
test, spec, unit test, check, suite
mock, stub, fake, test double
fixture, test data, sample data, seed
lint, linter, code style, static analysis
format, formatter, prettier, code style, indentation
document, documentation, doc, readme, manual, guide
log, logging, logfile, trace, output
monitor, monitoring, metric, observability, dashboard, telemetry
alert, alarm, page, pager, notification, on call
incident, outage, downtime, unavailable, down
backup, dump, snapshot, archive, copy
restore, recover, recovery, bring back
database, db, sql, postgres, postgresql, mysql, sqlite
query, select, lookup, sql statement
index, indexing
schema, table structure, ddl, data model, column
migration, migrate, schema change, alter table
transaction, commit, atomic, rollback
replica, replication, secondary, standby, follower, read replica
connection pool, pool, connection limit, too many connections
network, connectivity, connection, socket
dns, hostname, name resolution, resolve host
tls, ssl, https, certificate, cert
proxy, reverse proxy, gateway, nginx, load balancer
port, listen, bind, address in use
request, call, http request, fetch
response, reply, answer
api, endpoint, interface, rest, route
rate limit, throttle, throttling, 429, quota, too many requests
webhook, callback, hook
pagination, paging, paginate, page size, cursor, next page
json, payload, serialize, serialization
parse, parser, parsing, decode, deserialize
encode, encoding, charset, utf8, unicode, mojibake, garbled, umlaut, accent
timezone, time zone, utc, daylight saving, dst, clock change, local time
date, calendar, timestamp, day
schedule, scheduler, cron, cronjob, periodic, nightly, timer, recurring
job, task, background job, worker
delete, remove, erase, drop, purge, clean up, get rid
create, add, new, make, insert
change, modify, edit, alter, update
rename, move, relocate
find, search, look up, locate, discover
list, enumerate, show all
copy, clone, duplicate, replicate
file, document, attachment
upload, send file, import
download, fetch, export
folder, directory, path
symlink, symbolic link, shortcut
git, repository, repo, version control
branch, trunk, main branch, mainline
merge, merge conflict, conflict, rebase
commit, check in, changeset, revision
pull request, pr, merge request, code review, review
review, approve, approval, sign off
fork, clone, checkout
submodule, subtree, monorepo, workspace
script, shell, bash, command line, cli, terminal
windows, win32, powershell, backslash
mac, macos, osx, darwin
linux, ubuntu, debian, unix
container, docker, image, dockerfile, pod
kubernetes, k8s, cluster, helm
cloud, aws, azure, gcp
server, backend, host, machine, node
client, frontend, browser, ui, user interface
user interface, ui, screen, gui, view
button, click, tap, press
form, input, field
page, screen, view, site
style, css, layout, appearance, design
responsive, mobile, phone, small screen
accessibility, a11y, screen reader, keyboard navigation, aria
translate, translation, localization, i18n, internationalization, locale, language
email, mail, smtp, message
payment, billing, charge, invoice, checkout, stripe
customer, client, user, account
cookie, session, session storage
cors, cross origin, same origin
security, vulnerability, cve, exploit, attack
injection, sql injection, xss, escape, sanitize, untrusted input
encrypt, encryption, cipher, decrypt
hash, checksum, digest, sha256, fingerprint
null, nil, none, undefined, empty, missing value
number, numeric, integer, float, decimal
rounding, precision, floating point, cent
overflow, too large, too big, limit exceeded
random, nondeterministic, seed, uuid
loop, iteration, infinite loop, endless
recursion, recursive, stack overflow
type, typing, typescript, type check
string, text, character
array, list, vector
large, big, huge, enormous
empty, blank, nothing
wrong, incorrect, invalid, bad, corrupt
missing, absent, not found, 404, lost, disappear, gone, vanish
warn, warning, deprecate, deprecation, obsolete
debug, diagnose, troubleshoot, investigate, root cause
restart, reboot, start again, bounce
start, launch, boot, startup, begin
stop, shut down, shutdown, terminate, quit, kill, exit
cancel, abort, interrupt
signal, sigterm, sigkill, graceful shutdown, drain
wait, sleep, pause, delay, idle
event, message, publish, emit, subscribe
sync, synchronize, in step, reconcile
offline, disconnected, no network
clean, clear, purge, prune, vacuum, garbage collect
limit, maximum, cap, bound, quota
decide, decision, ruling, choice, adr
team, colleague, coworker, people
agent, assistant, bot, llm, model
prompt, instruction, context window
`;

/** One group a line: its words and phrases. */
export const SYNONYMS: readonly (readonly string[])[] = TABLE.trim()
  .split('\n')
  .map(line => line.split(',').map(word => word.trim()));
