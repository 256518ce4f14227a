// Components over the hooks, each mounted by the test, under StrictMode.
import { createElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useAftersense, useRecommendations } from '../../../dist/react.js';

const probe = { workers: 0, asked: [] };

window.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    probe.workers++;
  }
};

function mount(component) {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  root.render(createElement(StrictMode, null, createElement(component)));
  return root;
}

function mountDesk(options) {
  return mount(() => {
    const { status, desk, error } = useAftersense(options);
    if (desk) probe.desk = desk;
    return createElement('p', { id: 'desk' }, `${status} ${error?.code ?? ''}`);
  });
}

function mountList(answer) {
  const desk = {
    recommend({ signal, ...request }) {
      probe.asked.push(request);
      probe.signal = signal;
      return answer(request);
    },
  };
  return mount(() => {
    const [id, setId] = useState('a');
    const { status, items, error, refresh } = useRecommendations(desk, { for: 'product', id, k: 2 });
    return [
      createElement('p', { id: 'list', key: 'list' }, [status, ...items, error?.message ?? ''].join(' ').trim()),
      createElement('button', { key: 'other', type: 'button', onClick: () => setId('b') }, 'other'),
      createElement('button', { key: 'refresh', type: 'button', onClick: refresh }, 'refresh'),
    ];
  });
}

window.hooks = { probe, mountDesk, mountList };
