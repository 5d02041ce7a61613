import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stage } from './stage.ts';

export interface HttpHost {
  /** URL of a repository of the stage, by its folder. */
  url(repository: string): string;
  /** Answered instead of a push with 403. */
  readOnly: boolean;
  /** Requests that were answered. */
  requests: number;
  close(): Promise<void>;
}

/** Serves the stage's repositories over http on loopback, as a host does: git's own http-backend behind a web server. */
export async function serveHttp(stage: Stage): Promise<HttpHost> {
  const host: HttpHost = {
    url: repository => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${repository}`,
    readOnly: false,
    requests: 0,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
  const server: Server = createServer((request, response) => {
    host.requests++;
    if (host.readOnly && `${request.url}`.includes('git-receive-pack')) {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end('you may only read\n');
      request.resume();
    } else backend(stage, request, response);
  });
  server.keepAliveTimeout = 1;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return host;
}

function backend(stage: Stage, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const cgi = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: stage.env({
      GIT_PROJECT_ROOT: stage.dir,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      HTTP_GIT_PROTOCOL: header('git-protocol'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: 'anna',
      REMOTE_ADDR: '127.0.0.1',
      ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    }),
  });
  cgi.stdin.on('error', () => {});
  response.on('error', () => {});
  request.pipe(cgi.stdin);
  let head = Buffer.alloc(0);
  let begun = false;
  cgi.stdout.on('data', (part: Buffer) => {
    if (begun) {
      response.write(part);
      return;
    }
    head = Buffer.concat([head, part]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    begun = true;
    begin(head.subarray(0, end).toString('latin1'), response);
    response.write(head.subarray(end + 4));
  });
  cgi.on('close', () => response.end());
}

/** The head of a CGI answer becomes that of an http answer. */
function begin(head: string, response: ServerResponse): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const cut = line.indexOf(':');
    const [name, value] = [line.slice(0, cut), line.slice(cut + 1).trim()];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (cut > 0) response.setHeader(name, value);
  }
  response.writeHead(status);
}
