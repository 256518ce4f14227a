/** Puts the sprite with all drawings into the page once, so that showing a product needs no further request. */
export async function loadPictures(): Promise<void> {
  const response = await fetch(new URL('pictures.svg', document.baseURI));
  if (!response.ok) throw new Error(`pictures: HTTP ${response.status}`);
  const sprite = new DOMParser().parseFromString(await response.text(), 'image/svg+xml').documentElement;
  sprite.setAttribute('width', '0');
  sprite.setAttribute('height', '0');
  sprite.setAttribute('class', 'sprite');
  sprite.setAttribute('aria-hidden', 'true');
  document.body.prepend(sprite);
}
