import { fileURLToPath } from 'node:url';
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { distance, type Feature, featureAt, features, isBetween, isSame, type Point } from './features.js';

interface Rectangle {
  readonly lo: Point | null;
  readonly hi: Point | null;
}

interface RouteNote {
  readonly location: Point | null;
  readonly message: string;
}

interface RouteSummary {
  readonly pointCount: number;
  readonly featureCount: number;
  readonly distance: number;
}

interface Estimate {
  readonly terms: number;
  readonly pi: number;
}

/** A server that serves. */
export interface RouteGuide {
  readonly port: number;
  /** Ends calls in progress and stops. */
  close(): void;
}

const origin: Point = { latitude: 0, longitude: 0 };

/** Starts the gRPC server of the route guide, plaintext; port 0 takes a free one. */
export async function startRouteGuide(port: number, host = '127.0.0.1'): Promise<RouteGuide> {
  const server = new Server();
  /** Notes by where they were left; the newest hundred. */
  const notes: RouteNote[] = [];
  server.addService(serviceOf('RouteGuide'), {
    getFeature: ({ request }: ServerUnaryCall<Point, Feature>, reply: sendUnaryData<Feature>) => reply(null, featureAt(request)),
    listFeatures(call: ServerWritableStream<Rectangle, Feature>) {
      const { lo, hi } = call.request;
      for (const feature of features) if (isBetween(feature.location, lo ?? origin, hi ?? origin)) call.write(feature);
      call.end();
    },
    recordRoute,
    routeChat(call: ServerDuplexStream<RouteNote, RouteNote>) {
      call.on('data', (note: RouteNote) => {
        const at = note.location ?? origin;
        for (const other of notes) if (isSame(other.location ?? origin, at)) call.write(other);
        notes.push(note);
        if (notes.length > 100) notes.shift();
      });
      call.on('end', () => call.end());
    },
  });
  server.addService(serviceOf('PiCalculator'), { calculate });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, p) => (error === null ? resolve(p) : reject(error)));
  });
  return { port: bound, close: () => server.forceShutdown() };
}

function recordRoute(call: ServerReadableStream<Point, RouteSummary>, reply: sendUnaryData<RouteSummary>): void {
  let [pointCount, featureCount, length] = [0, 0, 0];
  let before: Point | undefined;
  call.on('data', (point: Point) => {
    pointCount += 1;
    if (featureAt(point).name !== '') featureCount += 1;
    if (before !== undefined) length += distance(before, point);
    before = point;
  });
  call.on('end', () => reply(null, { pointCount, featureCount, distance: Math.round(length) }));
}

/** The series of Leibniz. */
function calculate(call: ServerReadableStream<{ readonly count: number }, Estimate>, reply: sendUnaryData<Estimate>): void {
  let [terms, sum] = [0, 0];
  call.on('data', ({ count }: { readonly count: number }) => {
    for (const last = terms + Math.min(count, 1_000_000); terms < last; terms += 1) sum += (terms % 2 === 0 ? 4 : -4) / (2 * terms + 1);
  });
  call.on('end', () => reply(null, { terms, pi: Math.round(sum * 1e6) / 1e6 }));
}

function serviceOf(name: 'RouteGuide' | 'PiCalculator'): ServiceClientConstructor['service'] {
  const folders = ['./protos', '../../proto'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const { routeguide } = loadPackageDefinition(loadSync('routeguide/route_guide.proto', { includeDirs: folders, defaults: true }));
  return (routeguide as unknown as Record<string, ServiceClientConstructor>)[name]?.service ?? {};
}
