import type { TabBus, TabMessage } from '@wardline/core/client/tab-bus'

interface Tab {
  name: string
  listener: (message: TabMessage, from: string) => void
  elected: (() => void) | undefined
}

/** The tabs of one simulated browser profile: messages arrive later, the oldest tab leads. */
export class TabHub {
  readonly #tabs: Tab[] = []
  #leader: Tab | undefined
  #names = 0

  bus(): TabBus {
    const tab: Tab = { name: `tab ${++this.#names}`, listener: () => {}, elected: undefined }
    this.#tabs.push(tab)
    return {
      post: (message) => {
        for (const other of this.#tabs)
          if (other !== tab)
            setImmediate(() => {
              if (this.#tabs.includes(other)) other.listener(structuredClone(message), tab.name)
            })
      },
      onMessage: (listener) => {
        tab.listener = listener
      },
      lead: (elected) => {
        tab.elected = elected
        this.#elect()
      },
      close: () => {
        this.#tabs.splice(this.#tabs.indexOf(tab), 1)
        if (this.#leader === tab) this.#leader = undefined
        this.#elect()
      },
    }
  }

  #elect(): void {
    if (this.#leader !== undefined) return
    const next = this.#tabs.find((tab) => tab.elected !== undefined)
    if (next === undefined) return
    this.#leader = next
    setImmediate(() => {
      if (this.#tabs.includes(next)) next.elected?.()
    })
  }
}
