/** The looks of both elements; their doc comments list the custom properties. */

export const feedbackStyles = `
:host {
  --_accent: var(--aftersense-accent, #1f5a47);
  --_line: var(--aftersense-line, color-mix(in srgb, currentcolor 40%, transparent));
  --_soft: var(--aftersense-soft, color-mix(in srgb, currentcolor 66%, transparent));
  --_radius: var(--aftersense-radius, 12px);
  display: block;
  color: var(--aftersense-text, inherit);
}
:host([hidden]) { display: none; }
form { display: flex; flex-direction: column; gap: 0.6rem; align-items: flex-start; margin: 0; }
label { font-weight: 600; }
textarea { box-sizing: border-box; width: 100%; padding: 0.75rem 0.9rem; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--aftersense-surface, transparent); color: inherit; font: inherit; resize: vertical; }
p { min-height: 1.5em; margin: 0; color: var(--_soft); font-size: 0.9375rem; }
button { min-height: 2.75rem; padding: 0 1.35rem; border: 0; border-radius: 999px; background: var(--_accent); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:disabled { opacity: 0.5; cursor: default; }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
`;

export const styles = `
:host {
  --_text: var(--aftersense-text, inherit);
  --_soft: var(--aftersense-soft, color-mix(in srgb, currentcolor 66%, transparent));
  --_accent: var(--aftersense-accent, #1f5a47);
  --_line: var(--aftersense-line, color-mix(in srgb, currentcolor 16%, transparent));
  --_surface: var(--aftersense-surface, color-mix(in srgb, currentcolor 6%, transparent));
  --_radius: var(--aftersense-radius, 12px);
  --_gap: var(--aftersense-gap, 1.5rem);
  display: block;
  color: var(--_text);
  container-type: inline-size;
}
:host([hidden]), :host([state="empty"]), :host([state="idle"]) { display: none; }
* { box-sizing: border-box; }
h2, h3, h4, h5, h6 { margin: 0 0 1.25rem; font: var(--aftersense-heading-font, 600 1.5rem / 1.2 inherit); text-wrap: balance; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(var(--aftersense-card-width, 13rem), calc(50% - var(--_gap) / 2)), 1fr)); gap: var(--_gap); margin: 0; padding: 0; list-style: none; }
.card { display: flex; flex-direction: column; min-width: 0; }
.link { display: flex; flex-direction: column; gap: 0.15rem; color: inherit; text-decoration: none; border-radius: var(--_radius); }
a.link:hover .title { text-decoration: underline; text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 3px; }
.picture { position: relative; display: block; margin-bottom: 0.6rem; aspect-ratio: var(--aftersense-picture-ratio, 1); border-radius: var(--_radius); background: var(--_surface); overflow: hidden; }
.picture img, .picture ::slotted(*) { display: block; width: 100%; height: 100%; object-fit: cover; }
/* Who clicks a picture of the page's own clicks the link that it stands in. */
.picture ::slotted(*) { pointer-events: none; }
.brand, .more { color: var(--_soft); font-size: 0.8125rem; }
.title { font-weight: 600; line-height: 1.4; overflow-wrap: anywhere; }
.text { margin: 0; line-height: 1.5; }
.price { display: flex; flex-wrap: wrap; gap: 0 0.5rem; align-items: baseline; font-variant-numeric: tabular-nums; }
.price ins { color: var(--aftersense-sale, #a52f28); font-weight: 600; text-decoration: none; }
.price del { color: var(--_soft); font-size: 0.875em; }
.code { align-self: flex-start; margin-top: 0.35rem; padding: 0.1rem 0.6rem; border: 1px dashed var(--_accent); border-radius: 6px; font-family: ui-monospace, monospace; font-size: 0.875rem; letter-spacing: 0.04em; }
.reason { margin: 0.5rem 0 0; color: var(--_soft); font-size: 0.8125rem; line-height: 1.5; overflow-wrap: anywhere; }
.words { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-top: 0.3rem; }
.word { padding: 0.1rem 0.6rem; border-radius: 999px; background: var(--_surface); color: var(--_text); }
details { margin-top: 0.15rem; font-size: 0.8125rem; }
summary { display: inline-flex; align-items: center; min-height: 1.75rem; color: var(--_accent); text-decoration: underline; text-underline-offset: 0.2em; list-style: none; cursor: pointer; }
summary::-webkit-details-marker { display: none; }
dl { display: grid; grid-template-columns: 1fr auto; gap: 0.15rem 0.75rem; margin: 0.35rem 0 0; padding: 0.6rem 0.75rem; border-radius: var(--_radius); background: var(--_surface); line-height: 1.45; }
dt, dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dd { color: var(--_soft); font-variant-numeric: tabular-nums; text-align: right; }
svg { grid-column: 1 / -1; width: 100%; height: 4px; margin-bottom: 0.3rem; border-radius: 2px; background: var(--_line); fill: var(--_accent); }
.problem { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; margin: 0; color: var(--_soft); }
button { min-height: 2.75rem; padding: 0 1rem; border: 1px solid var(--_line); border-radius: 999px; background: none; color: var(--_accent); font: inherit; cursor: pointer; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.pending .picture, .pending .blank { background: var(--_surface); }
.pending .blank { height: 0.9em; margin-top: 0.35rem; border-radius: 4px; }
.pending .blank:last-child { width: 60%; }
`;
