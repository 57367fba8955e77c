/** Elements, made in a line. Texts are texts: nothing is ever read as markup. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  Object.assign(made, props)
  made.append(...children)
  return made
}

/** Sets a text only where it is another one, so that nothing is read out twice. */
export const setText = (target: Element, text: string): void => {
  if (target.textContent !== text) target.textContent = text
}
