"""The pages. Each module has `show`, which draws one page.

What tests and style sheets may rely on:

| page             | address          | widgets by key                                             |
|------------------|------------------|------------------------------------------------------------|
| every page       |                  | `bottom_nav` (phones), `about_link`                        |
| login, in place  | any but the next | `auth_mode`, `login_id`, `password`, `auth_submit`,        |
|                  | two              | `try_sample`, `language`                                   |
| `/about`         | about            | `to_login` (visitors)                                      |
| `/sample`        | sample           | as result, and `start`                                     |
| `/` check        |                  | `tips`, `source`, `photo_<n>` (upload), `shot_<n>`         |
|                  |                  | (camera), `analyse`, `again` (in its place where another   |
|                  |                  | photo is needed), `try_sample`, `last_check`               |
| `/result?id=`    | result           | `map_attribute`, `map_view`, `map_opacity`, `see_trend`,   |
|                  |                  | `retake`, `to_history`                                     |
| `/history`       | history          | `trend_attribute`, `period`, `custom_days`, `trend_<x>`,   |
|                  |                  | `past_page`, `row_<id>`, `start`                           |
| `/account`       | account          | `language`, `log_out`                                      |

A key is the class `st-key-<key>` on the page. In the HTML itself:

- an error card is `.sn-problem[data-code]` with `role="alert"`; waiting is `role="status"`;
- a score card is `.sn-score[data-attribute][data-grade]` around a track, `role="img"`, whose name
  is a whole sentence;
- the face is `.sn-face[data-map]`, the attribute's name or "" for the photo; its images
  `.sn-below` and `.sn-above` have `data:` addresses; `.sn-no-picture` stands there after a reload;
- a row of the history has a link named by its date and five cells `.sn-cell[data-attribute]`, each
  with `role="img"` and a sentence.
"""
