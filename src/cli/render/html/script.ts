/** The page's only script: the table can be filtered and sorted with it, and all is there without. */
export const SCRIPT = `
'use strict'
const table = document.querySelector('#identities table')
if (table) {
  const bodies = [...table.tBodies]
  const tools = document.querySelector('.tools')
  const field = tools.querySelector('input')
  const output = tools.querySelector('output')
  tools.hidden = false
  field.addEventListener('input', () => {
    const wanted = field.value.toLowerCase()
    let shown = 0
    for (const body of bodies) {
      body.hidden = !body.textContent.toLowerCase().includes(wanted)
      if (!body.hidden) shown++
    }
    output.textContent = wanted === '' ? '' : shown + ' of ' + bodies.length
  })
  const order = new Intl.Collator('en', { numeric: true })
  const heads = [...table.tHead.rows[0].cells]
  for (const [index, head] of heads.entries()) {
    const button = document.createElement('button')
    button.textContent = head.textContent
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending'
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      const text = (body) => body.rows[0].cells[index].textContent
      const sorted = [...bodies].sort((a, b) => order.compare(text(a), text(b)))
      table.append(...(down ? sorted.reverse() : sorted))
    })
    head.replaceChildren(button)
  }
}
`
