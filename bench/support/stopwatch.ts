/** Starts a clock; what it returns tells what has passed: time, and CPU of this process, ms. */
export const stopwatch = () => {
  const started = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { ms: performance.now() - started, cpu: (user + system) / 1000 }
  }
}
