/** What the core story asks of a browser, whatever its engine and however it is driven. */

/** Names one element that a person can see: the first that matches, in the order of the page. */
export interface Place {
  /** CSS selector. */
  css: string
  /** What a screen reader calls it: its label, or its whole text. */
  name?: string
  /** Some text in it. */
  text?: string
}

export interface Tab {
  open(url: string): Promise<void>
  reload(): Promise<void>
  /** Brings it before the person: a message counts as read where it is looked at. */
  show(): Promise<void>
  /** Whether it is there now. */
  has(place: Place): Promise<boolean>
  /** Clicks as a person does. Rejects while it is not there. */
  click(place: Place): Promise<void>
  /** Types into a field, behind what stands in it. */
  type(place: Place, text: string): Promise<void>
  /** Picks a file in a file input, which need not be visible. */
  pick(css: string, path: string): Promise<void>
  /** Runs a function in the page; what it takes and gives is JSON. */
  run<A, R>(work: (argument: A) => R | Promise<R>, argument: A): Promise<R>
  screenshot(path: string): Promise<void>
  close(): Promise<void>
}

/** One browser profile. */
export interface Profile {
  newTab(): Promise<Tab>
  /** What went wrong in pages that nobody caught. Empty where the engine does not tell. */
  readonly errors: readonly string[]
}

export interface Engine {
  /** As `navigator.userAgent` and the driver have it, for the log. */
  readonly version: string
  newProfile(): Promise<Profile>
  close(): Promise<void>
}

/** To be run in the page: finds a {@link Place}; null when it is not there. */
export const find = ({ css, name, text }: Place): Element | null => {
  const nameOf = (element: Element): string => {
    const label = element.getAttribute('aria-label')
    if (label !== null) return label
    const { labels } = element as HTMLInputElement
    const [first] = labels ?? []
    return (first ?? element).textContent ?? ''
  }
  const isVisible = (element: Element): boolean =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible'
  for (const element of document.querySelectorAll(css))
    if (
      isVisible(element) &&
      (name === undefined || nameOf(element).trim() === name) &&
      (text === undefined || (element.textContent ?? '').includes(text))
    )
      return element
  return null
}
