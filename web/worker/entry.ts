/** The worker's script. It fetches nothing: the calling thread sends it everything. */
import type { WorkerReply, WorkerRequest } from '../protocol.ts';
import { Dispatcher } from './dispatcher.ts';

/** The part of DedicatedWorkerGlobalScope that is used here; TypeScript's DOM and WebWorker libraries exclude each other. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(reply: WorkerReply, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
const dispatcher = new Dispatcher((reply, transfer) => scope.postMessage(reply, transfer));
scope.onmessage = ({ data }) => void dispatcher.dispatch(data);
