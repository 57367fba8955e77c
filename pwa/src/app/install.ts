/** How the app gets from a link onto the home screen. */
import { isAppleMobile, isInstalled } from '../base/platform.ts'
import { liveValue } from './live-value.ts'

/**
 * offered: the browser asks the person when told to.
 * by-hand: on an iPhone or iPad, where only the person can.
 * none: it is installed, or this browser installs nothing.
 */
export type InstallState = 'offered' | 'by-hand' | 'none'

/** What a Chromium browser fires when the app could be installed; not in the DOM's types. */
export interface InstallOffer extends Event {
  /** Asks the person. Works once. */
  prompt(): Promise<unknown>
}

export interface InstallSurroundings {
  window: Pick<EventTarget, 'addEventListener'>
  isInstalled(): boolean
  isAppleMobile(): boolean
}

const browser = (): InstallSurroundings => ({ window, isInstalled, isAppleMobile })

export class Install {
  readonly state = liveValue<InstallState>('none')
  #offer: InstallOffer | undefined

  /** To be made as the page starts: the browser says once that it could. */
  constructor(around = browser()) {
    if (around.isInstalled()) return
    if (around.isAppleMobile()) this.state.set('by-hand')
    around.window.addEventListener('beforeinstallprompt', (event) => {
      // The browser's own bar would come at a moment of its choice, over what is being read.
      event.preventDefault()
      this.#offer = event as InstallOffer
      this.state.set('offered')
    })
    around.window.addEventListener('appinstalled', () => this.#withdraw())
  }

  /** In answer to a tap. A browser that was told no offers it again when it sees fit. */
  async run(): Promise<void> {
    const offer = this.#offer
    this.#withdraw()
    // A browser that will not ask has nothing to offer any more, which is what is shown by now.
    await offer?.prompt().catch(() => {})
  }

  #withdraw(): void {
    this.#offer = undefined
    this.state.set('none')
  }
}
