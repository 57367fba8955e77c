import { type Posted, parsePosted } from '@wardline/core/client/sync/parse-tab-message'
import type { TabBus, TabMessage } from '@wardline/core/client/sync/tab-bus'

interface Tab {
  name: string
  listener: (message: TabMessage, from: string) => void
  elected: (() => void) | undefined
}

/** What arrives of a message: a copy, as the parser of the real channel reads it. */
const onTheChannel = (posted: Posted): (() => Posted) => {
  const sent = structuredClone(posted)
  return () => {
    const read = parsePosted(structuredClone(sent))
    if (read === undefined) throw new Error(`cannot be read: ${JSON.stringify(sent)}`)
    return read
  }
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
        const arrive = onTheChannel({ from: tab.name, message })
        for (const other of this.#tabs)
          if (other !== tab)
            setImmediate(() => {
              const { message: read, from } = arrive()
              if (this.#tabs.includes(other)) other.listener(read, from)
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
