// Before the first paint, so that nothing flashes: how the person wants the app to look on this
// device. The rest of it is in src/app/look.ts, which shares the names.
{
  const root = document.documentElement
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const read = (key) => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  const accent = (theme) => {
    try {
      return JSON.parse(read('wardline-accent') ?? '{}')[theme] ?? {}
    } catch {
      return {}
    }
  }
  let coloured = []
  const show = () => {
    const wanted = read('wardline-theme')
    const theme = wanted === 'light' || wanted === 'dark' ? wanted : dark.matches ? 'dark' : 'light'
    root.dataset.theme = theme
    root.dataset.text = read('wardline-text') ?? 'normal'
    for (const name of coloured) root.style.removeProperty(name)
    const tokens = Object.entries(accent(theme))
    for (const [name, colour] of tokens) root.style.setProperty(name, colour)
    coloured = tokens.map(([name]) => name)
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.content = theme === 'dark' ? '#181d1c' : '#fffdfa'
  }
  show()
  dark.addEventListener('change', show)
  // Chosen here, or in another tab.
  addEventListener('storage', show)
  addEventListener('wardline-look', show)
}
