/** At least 100 home paths: `text` stands in a sentence, `who` must not survive. */
export function homePaths(): { text: string; who: string }[] {
  const users = ['alice', 'bob.smith', 'jörg', 'user_1', 'maria-k', 'X9', '李雷', 'runner2'];
  const forms: ((who: string) => string)[] = [
    who => `/Users/${who}`,
    who => `/Users/${who}/code/app/src/index.ts`,
    who => `/home/${who}`,
    who => `/home/${who}/.ssh/config`,
    who => `C:\\Users\\${who}\\Documents\\a.txt`,
    who => `d:\\users\\${who}\\a`,
    who => `C:/Users/${who}/AppData/Local`,
    who => `C:\\\\Users\\\\${who}\\\\source`,
    who => `file:///home/${who}/notes.md`,
    who => `file:///C:/Users/${who}/notes.md`,
    who => `file:///Users/${who}/notes.md`,
    who => `\\\\wsl$\\Ubuntu\\home\\${who}\\app`,
    who => `\\\\wsl.localhost\\Debian\\home\\${who}`,
    who => `/c/Users/${who}/app`,
    who => `/mnt/c/Users/${who}/app`,
    who => `/cygdrive/d/Users/${who}/app`,
    who => `/var/home/${who}/app`,
    who => `/System/Volumes/Data/Users/${who}/app`,
  ];
  return forms.flatMap(form => users.map(who => ({ text: form(who), who })));
}
