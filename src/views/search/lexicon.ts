/** Words that say nothing of what a text is about, questions' own words among them. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about after again all also although am an and any are as at be because been before being both but by came can ' +
    'cannot could did do does doing done each either else even ever every for from get gets getting got had has have ' +
    'having he her here hers him his how i if in into is it its itself just let like made make makes many may me might ' +
    'mine more most much must my neither no nor not now of off often on once one only onto or other our ours out over ' +
    'own per please quite rather really s same say says see seems shall she should since so some somebody someone ' +
    'something sometimes still such t take than that the their them then there these they thing things this those ' +
    'though through thus to too under until up upon us use used uses using very want wants was we well were what ' +
    'whatever when whenever where whether which while who whom whose why will with within without would yet you your yours'
  ).split(' '),
);

const FORMS =
  'began begin|begun begin|bound bind|broke break|broken break|brought bring|built build|caught catch|chose choose|' +
  'chosen choose|cost cost|cut cut|dealt deal|drew draw|drawn draw|fell fall|fallen fall|fed feed|felt feel|found find|' +
  'forgot forget|forgotten forget|froze freeze|frozen freeze|gave give|given give|gone go|went go|grew grow|grown grow|' +
  'held hold|hid hide|hidden hide|hung hang|kept keep|knew know|known know|laid lay|led lead|left leave|lost lose|' +
  'loses lose|meant mean|met meet|ran run|rebuilt rebuild|rewrote rewrite|rewritten rewrite|sent send|shown show|' +
  'shut shut|slept sleep|slower slow|slowest slow|faster fast|fastest fast|spent spend|split split|stole steal|' +
  'stolen steal|stood stand|stuck stick|swept sweep|taken take|took take|taught teach|tore tear|torn tear|thought think|' +
  'threw throw|thrown throw|understood understand|woke wake|woken wake|won win|wrote write|written write|indices index|' +
  'indexes index|matrices matrix|vertices vertex|queries query|children child|people person|mice mouse|data data|' +
  'died die|dies die|dying die|tied tie|tying tie|lying lie|dead die|death die|deletion delete|failure fail|failures fail|' +
  'removal remove|approval approve|retrieval retrieve|arrival arrive|growth grow|loss lose|losses lose|proof prove|' +
  'choice choose|choices choose|belief believe|analyses analysis|analyze analysis|analyse analysis|analyzing analysis';

/** Forms that no rule of endings leads back to their word. */
export const IRREGULAR: ReadonlyMap<string, string> = new Map(
  FORMS.split('|').map(pair => pair.split(' ') as [string, string]),
);
