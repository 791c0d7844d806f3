"""The pages. Each module has `show`, which draws one page.

What tests and style sheets may rely on:

| page             | address          | widgets by key                                             |
|------------------|------------------|------------------------------------------------------------|
| every page       |                  | `bottom_nav` (phones), `about_link`                        |
| login, in place  | any but the next | `auth_mode`, `login_id`, `password`, `auth_submit`,        |
|                  | two              | `try_sample`, `language`; inside `forgot`: `recovery_id`,  |
|                  |                  | `recovery_code`, `recovery_password`, `recovery_submit`    |
| `/about`         | about            | `to_login` (visitors)                                      |
| `/sample`        | sample           | as result, `start`, and `again` after an error             |
| `/` check        |                  | `tips`, `capture_<n>` (the widget), `photo_<n>` (the       |
|                  |                  | uploader that carries its photo, hidden), `taken_on` (the  |
|                  |                  | day of a file's photo), `analyse`,                         |
|                  |                  | `try_sample`, `last_check`                                 |
| `/result?id=`    | result           | `map_attribute`, `map_view`, `map_opacity`, `map_lowest`,  |
|                  |                  | `see_trend`, `retake`, `to_history`, `timings` (right      |
|                  |                  | after a check); `kept_photo`, `delete_photo`               |
| `/history`       | history          | `trend_attribute`, `period`, `custom_days`, `trend_<x>`,   |
|                  |                  | `past_page`, `row_<id>`, `more_<id>`, `files`, `start`;    |
|                  |                  | after deleting `undo_bar` with `undo_delete` and           |
|                  |                  | `forget_deleted`; what the address may say besides, see    |
|                  |                  | `frontend/history_address.py`                              |
| `/compare?a=&b=` | compare          | `compare_a`, `compare_b`, `compare_map`, `start`           |
| any other        |                  | `to_first_page`                                            |
| `/account`       | account          | `language`, `log_out`, `kept_photos` around `keep_photos`, |
|                  |                  | the switch, and `delete_photos`; inside `password_change`: |
|                  |                  | `present_password`, `new_password`, `new_password_submit`; |
|                  |                  | `devices` with `device_<id>` and `end_<id>`; inside        |
|                  |                  | `codes`: `codes_password`, `codes_submit`, then in a       |
|                  |                  | dialog `codes_saved`; `log_out_everywhere`,                |
|                  |                  | `delete_account`, then in a dialog `delete_password`,      |
|                  |                  | `delete_confirm`                                           |

What can be done with a check, on its result and in the dialog of `more_<id>`: `note_<id>`,
`note_save_<id>` and `delete_<id>`; of a photo from a file `day_line_<id>` around `day_<id>` and
`day_save_<id>`.

A question about something that cannot be undone is a dialog with the buttons `ask_<key>_confirm`
and `ask_<key>_cancel`, after the key of the widget that asks.

A key is the class `st-key-<key>` on the page. In the HTML itself:

- an error card is `.sn-problem[data-code]` with `role="alert"`; waiting is `role="status"`, and so
  is `.sn-done`, which says that something was done;
- the rules for new IDs and passwords are `.sn-rules li[data-rule][data-kept]`;
- a score card is `.sn-score[data-attribute][data-grade]` around a track, `role="img"`, whose name
  is a whole sentence;
- the face is `.sn-face[data-map]`, the attribute's name or "" for the photo; its images
  `.sn-below` and `.sn-above` have `data:` addresses; `.sn-no-picture` stands there after a reload;
- a row of the history has a link named by its date and five cells `.sn-cell[data-attribute]`, each
  with `role="img"` and a sentence; a note is `.sn-row-note` below it;
- a card of the comparison is `.sn-change[data-attribute][data-change]`;
- a link to a file is `.sn-file`.
"""
