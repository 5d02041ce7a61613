declare module 'yargs-parser/browser' {
  import parser from 'yargs-parser';

  const parse: typeof parser;
  export default parse;
}
