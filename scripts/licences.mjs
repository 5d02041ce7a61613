import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence texts of every package among the bundled files, one after the other, by name. */
export function licencesOf(root, files) {
  const folders = new Set();
  for (const file of files) {
    const at = file.lastIndexOf('node_modules/');
    if (at < 0) continue;
    const [first, second] = file.slice(at + 'node_modules/'.length).split('/');
    folders.add(file.slice(0, at) + join('node_modules', first.startsWith('@') ? join(first, second) : first));
  }
  const parts = [...folders].map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = readdirSync(join(root, folder))
      .filter(entry => /^(licen[cs]e|copying|notice)/i.test(entry))
      .sort()
      .map(entry =>
        readFileSync(join(root, folder, entry), 'utf8')
          .replace(/\r\n/g, '\n')
          .trim(),
      );
    return { name, text: [`${name} ${version} (${license})`, ...text].join('\n\n') };
  });
  parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `Ledgenter contains the following packages.${rule}${parts.map(part => part.text).join(rule)}\n`;
}
