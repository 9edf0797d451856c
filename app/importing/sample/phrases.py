"""Sentences of the sample that fit any request and are not in its data: what is said after a second look, when
somebody no longer needs it, and when nobody answers."""

AGAIN = {
    "en": ("We have looked at it once more: what was left undone is done now. Please write here if anything remains.",
           "Thank you for coming back. The cause had not been removed completely; now it has."),
    "ru": ("Вернулись к вашей заявке и доделали то, что оставалось. Если что-то ещё не так, напишите здесь.",
           "Спасибо, что написали. Причина была устранена не до конца, теперь всё исправлено."),
    "ky": ("Өтүнмөңүздү кайра карап, калганын бүтүрдүк. Дагы бир нерсе болсо, ушул жерге жазыңыз.",
           "Кайра жазганыңызга рахмат. Себеби толук жоюлбай калган экен, эми баары оңдолду."),
}
NOT_NEEDED = {
    "en": "No longer needed, thank you.",
    "ru": "Уже не нужно, спасибо.",
    "ky": "Эми кереги жок болуп калды, рахмат.",
}
SILENCE = {
    "en": "We have not heard from you, so we take this request for solved. If it is not, simply answer and it will be "
          "open again.",
    "ru": "Мы не получили ответа, поэтому считаем заявку решённой. Если это не так, просто ответьте, и она откроется "
          "снова.",
    "ky": "Сизден жооп ала алган жокпуз, ошондуктан өтүнмөнү чечилди деп эсептейбиз. Андай болбосо, жөн гана жооп "
          "жазыңыз, ал кайра ачылат.",
}
