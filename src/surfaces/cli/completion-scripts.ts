const bash = `# ledgenter completion for bash
_ledgenter() {
  local words line
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(ledgenter completion --words "\${words[@]}" 2>/dev/null)
}
complete -o default -F _ledgenter ledgenter
`;

const zsh = `#compdef ledgenter
# ledgenter completion for zsh
_ledgenter() {
  local -a found
  found=("\${(@f)$(ledgenter completion --words "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${found[1]}" ]] && compadd -a found || _files
}
if [[ "\${funcstack[1]}" == "_ledgenter" ]]; then
  _ledgenter "$@"
else
  compdef _ledgenter ledgenter
fi
`;

const fish = `# ledgenter completion for fish
function __ledgenter_complete
  set -l words (commandline -opc) (commandline -ct)
  ledgenter completion --words $words[2..-1] 2>/dev/null
end
complete -c ledgenter -f -a '(__ledgenter_complete)'
`;

/** The completion script of every shell that has one. */
export const SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish };
