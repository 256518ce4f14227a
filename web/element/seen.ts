/** Which cards were really seen: half of one in sight for a second, as advertising counts a viewable impression (Media Rating Council, 2014). */

const shareInSight = 0.5;
const dwellMs = 1000;

/** Calls `onSeen` with the places, in their order, of cards that have now been seen for the first time, until `signal` aborts. */
export function watchSeen(cards: readonly Element[], onSeen: (places: readonly number[]) => void, signal: AbortSignal): void {
  const inSightSince = new Map<Element, number>();
  const told = new Set<Element>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    const now = performance.now();
    // Nobody sees a tab in the background.
    const isSeen = (card: Element) => document.visibilityState === 'visible' && now - (inSightSince.get(card) ?? now) >= dwellMs;
    const places = cards.flatMap((card, place) => (isSeen(card) && !told.has(card) ? [place] : []));
    for (const place of places) told.add(cards[place] as Element);
    if (places.length > 0) onSeen(places);
    if ([...inSightSince.keys()].some((card) => !told.has(card))) timer = setTimeout(tell, dwellMs / 4);
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio } of entries) {
        if (!isIntersecting || intersectionRatio < shareInSight) inSightSince.delete(target);
        else if (!inSightSince.has(target)) inSightSince.set(target, performance.now());
      }
      if (inSightSince.size > 0) timer ??= setTimeout(tell, dwellMs);
    },
    { threshold: shareInSight },
  );
  for (const card of cards) observer.observe(card);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    clearTimeout(timer);
  });
}
