/** What the shop's people set on the merchant page: the policy. Kept in `localStorage`; other tabs are told. */
import { checkPolicy, defaultPolicy, type Policy } from 'aftersense';

const policyKey = 'halfacre.policy';
const listeners = new Set<() => void>();

function restorePolicy(): Policy {
  try {
    const stored = localStorage.getItem(policyKey);
    return stored === null ? defaultPolicy : checkPolicy(JSON.parse(stored)).policy;
  } catch {
    // Storage refused, or a policy of an older version: the default is always good.
    return defaultPolicy;
  }
}

let policy = restorePolicy();

function change(next: Policy): void {
  policy = next;
  for (const listener of listeners) listener();
}

window.addEventListener('storage', ({ key }) => {
  if (key === policyKey || key === null) change(restorePolicy());
});

export const shopPolicy = (): Policy => policy;

/** Throws where `next` is no policy, or the browser refuses to keep it; the one before then stays. */
export function savePolicy(next: unknown): void {
  const checked = checkPolicy(next).policy;
  localStorage.setItem(policyKey, JSON.stringify(checked));
  change(checked);
}

export function resetPolicy(): void {
  localStorage.removeItem(policyKey);
  change(defaultPolicy);
}

/** Calls `listener` after every change, in this tab or another, until `signal` aborts. */
export function onSettingsChange(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}
