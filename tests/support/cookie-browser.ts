/** A browser as far as links and cookies go: goes where it is sent, and keeps what it is given. */
interface Kept {
  readonly value: string
  readonly path: string
}

export class CookieBrowser {
  /** By origin, then by name. */
  readonly cookies = new Map<string, Map<string, Kept>>()

  /** One request, without following where it leads. */
  async get(url: string): Promise<Response> {
    const { origin } = new URL(url)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.#cookiesFor(url) },
    })
    for (const text of response.headers.getSetCookie()) this.#keep(origin, text)
    return response
  }

  /** Follows links until the answer is a page, or the next address is one that `stop` knows. */
  async go(url: string, stop: (url: string) => boolean = () => false): Promise<string> {
    let at = url
    for (let n = 0; n < 20; n++) {
      const response = await this.get(at)
      const next = response.headers.get('location')
      if (next === null) return at
      at = new URL(next, at).href
      if (stop(at)) return at
    }
    throw new Error(`no end of ways from ${url}`)
  }

  /** The value of a cookie; undefined when there is none (any more). */
  cookie(origin: string, name: string): string | undefined {
    return this.cookies.get(origin)?.get(name)?.value
  }

  #cookiesFor(url: string): string {
    const { origin, pathname } = new URL(url)
    return [...(this.cookies.get(origin) ?? [])]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep(origin: string, text: string): void {
    const [pair = '', ...attributes] = text.split(/; */)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    const of = (key: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const kept = this.cookies.get(origin) ?? new Map<string, Kept>()
    this.cookies.set(origin, kept)
    const expires = of('expires')
    const isOver =
      of('max-age') === '0' || (expires !== undefined && Date.parse(expires) < Date.now())
    if (isOver) kept.delete(name)
    else kept.set(name, { value, path: of('path') ?? '/' })
  }
}
