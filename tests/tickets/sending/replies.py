"""Replies as people write them, in three languages: what is to be found in each, and in most of them nothing.

`Aigul Asanova` asked, in the language of the reply unless another stands there.
"""

from typing import NamedTuple


class Example(NamedTuple):
    language: str
    text: str
    found: str = ""
    """Names of checks, in alphabetical order."""
    asked_in: str = ""
    has_files: bool = False
    is_last: bool = False


WRONG = [
    # A place of a template that nobody filled.
    Example("en", "Hello {name}, we will come tomorrow.", "placeholder"),
    Example("en", "Hello [name], the new mouse is on your desk. Please try it.", "placeholder"),
    Example("en", "Your appointment is on <date>, please be there.", "placeholder"),
    Example("en", "Please call us on ____ and ask for the service desk.", "placeholder"),
    Example("en", "TODO say when. We will order the part.", "placeholder"),
    Example("en", "Please go to room XXX on the second floor.", "placeholder"),
    Example("en", "Thank you. ::greeting We will look at it today.", "placeholder"),
    Example("en", "Your number is %(number)s; please keep it.", "placeholder"),
    Example("ru", "Здравствуйте, {имя}! Мастер придёт завтра.", "placeholder"),
    Example("ru", "Мастер придёт [дата], будьте на месте.", "placeholder"),
    Example("ru", "Ваш кабинет – [...], пропуск у охраны. Приходите завтра.", "placeholder"),
    Example("ru", "Перезвоните нам по номеру ______ до обеда.", "placeholder"),
    Example("ky", "Саламатсызбы, {аты}! Уста эртең келет.", "placeholder"),
    Example("ky", "Уста [күнү] келет, ошол жерде болуңуз.", "placeholder"),
    # A file is announced.
    Example("en", "Please find attached the form for new equipment.", "attachment"),
    Example("en", "I have attached the guide; please try the second step.", "attachment"),
    Example("en", "Please see the attachment and sign it.", "attachment"),
    Example("en", "The instructions are attached, tell us if they help.", "attachment"),
    Example("ru", "Добрый день! Инструкция во вложении, попробуйте второй шаг.", "attachment"),
    Example("ru", "Прикрепляю бланк, заполните его и верните нам.", "attachment"),
    Example("ru", "Здравствуйте! Бланк прикладываем. Подписать его может начальник отдела.", "attachment"),
    Example("ru", "Скриншот прикреплён, сравните со своим экраном.", "attachment"),
    Example("ky", "Саламатсызбы! Үлгүсүн тиркедим, толтуруп жибериңиз.", "attachment"),
    Example("ky", "Нускама тиркелди, экинчи кадамды жасап көрүңүз.", "attachment"),
    Example("ky", "Бланкты тиркеп жатам, кол коюп кайтарыңыз.", "attachment"),
    Example("ky", "Саламатсызбы! Тиркемени караңыз, ал жерде баары жазылган.", "attachment"),
    # Somebody else's name.
    Example("en", "Hello Bakyt, your new phone is here. Please come by.", "person"),
    Example("en", "Dear Mr. Bakyt, please restart the computer.", "person"),
    Example("ru", "Здравствуйте, Бакыт! Ваш телефон готов, заходите.", "person"),
    Example("ru", "Добрый день, Бакыт Токтогулович! Приходите завтра.", "person"),
    Example("ky", "Саламатсызбы, Бакыт! Телефонуңуз даяр, келип алыңыз.", "person"),
    # What should not stand in a conversation.
    Example("en", "Your new password: Sommer2026! Please change it today.", "secret"),
    Example("en", "The password is Qwerty123, please sign in again.", "secret"),
    Example("en", "Please enter the PIN code: 4821 at the door.", "secret"),
    Example("ru", "Ваш новый пароль: Xyz12345, смените его сегодня.", "secret"),
    Example("ru", "Временный пароль – leto2026! Войдите и смените его.", "secret"),
    Example("ru", "Пин-код: 4821, введите его у двери.", "secret"),
    Example("ky", "Жаңы сырсөзүңүз: Kyr12345, бүгүн алмаштырып коюңуз.", "secret"),
    # Another language than the requester's.
    Example("ru", "Здравствуйте! Мы проверим принтер сегодня после обеда и сразу вам напишем.", "language", "ky"),
    Example("ru", "Добрый день! Уточните, пожалуйста, номер кабинета и когда к вам можно зайти.", "language", "en"),
    Example("en", "Hello, we will look at the printer this afternoon and write to you then.", "language", "ru"),
    Example("ky", "Саламатсызбы! Принтерди бүгүн түштөн кийин карап, дароо кабарлайбыз.", "language", "ru"),
    Example("ky", "Саламатсызбы! Кабинетиңиздин номерин жазып жибериңиз, эртең барабыз.", "language", "en"),
    # Neither what nor when.
    Example("en", "Thank you for your message. Your request has been received and has been registered in our system. "
            "It is very important to us.", "next_step"),
    Example("en", "Unfortunately the printer was broken by a piece of paper in the wrong tray. This happens from time "
            "to time with this model.", "next_step"),
    Example("ru", "Спасибо за обращение. Ваша заявка зарегистрирована и находится в работе у специалистов отдела "
            "информационных технологий.", "next_step"),
    Example("ru", "Проблема известна, она связана с обновлением на стороне поставщика. Такое бывает, виноваты в этом "
            "не вы.", "next_step"),
    Example("ky", "Кайрылганыңызга рахмат. Өтүнмө катталды, бул маселе мурун да болгон жана бүт имаратка тиешелүү "
            "болчу, себеби белгилүү эмес.", "next_step"),
    # Two at once.
    Example("en", "Hello {name}, please find attached the form.", "attachment placeholder"),
    Example("ru", "Здравствуйте, Бакыт! Пароль: Xyz12345, войдите с ним.", "person secret"),
]

FINE = [
    Example("en", "Hello Aigul, we will come tomorrow at 10:00."),
    Example("en", "Dear Ms. Asanova, your request has been passed on; you will hear from us by Friday."),
    Example("en", "Hi all, the network is back. Please restart your computers."),
    Example("en", "Please attach a screenshot of the message, then we can look for it."),
    Example("en", "Thank you for the file you attached. We will read it today."),
    Example("en", "Please forward one of the returned messages as an attachment."),
    Example("en", "The attachment is too large for the mailbox; please put it into the shared folder."),
    Example("en", "Please find attached the form for new equipment.", has_files=True),
    Example("en", "Your password has expired; please set a new one with at least 8 characters."),
    Example("en", "A password: that is what the next screen asks for. Please use your own."),
    Example("en", "Run `echo {name}` and tell us what it says; see [the guide](/kb/printer-guide) too."),
    Example("en", "Done.\n\n> please find attached the invoice, password: Abc12345\n\nWe will come back tomorrow."),
    Example("en", "Steps: [x] toner, [ ] paper. Please do the second one.\n\n___\n\nService desk"),
    Example("en", "The part is on its way and it was a broken cable in the wall behind the rack, as we had all thought "
            "yesterday.", is_last=True),
    Example("en", "Please call +996 555 XX-XXX-XX as it stands on the label."),
    Example("ru", "Здравствуйте, Айгуль! Мастер придёт сегодня до 17:00."),
    Example("ru", "Добрый день, Айгуль Эркиновна! Заявку передали, ответим в пятницу."),
    Example("ru", "Уважаемая Асанова, просим уточнить номер кабинета."),
    Example("ru", "Здравствуйте! Проверим и перезвоним."),
    Example("ru", "Приложите, пожалуйста, снимок экрана."),
    Example("ru", "Во вложении вашего письма только первая страница, пришлите остальные."),
    Example("ru", "Вы прикрепили не тот файл, пришлите, пожалуйста, другой."),
    Example("ru", "Приложение обновлено, перезапустите его и попробуйте снова."),
    Example("ru", "Пароль истёк, задайте новый: не короче 8 знаков."),
    Example("ru", "Пароль сбросим сразу после звонка, перезвоните на внутренний 112."),
    Example("ru", "Коллеги, сеть восстановлена. Перезагрузите, пожалуйста, компьютеры."),

    Example("ru", "Причина найдена: перегорел блок питания. Заказали новый, заменим его, как только он придёт со "
            "склада, и сразу вам напишем."),
    Example("ru", "> прикрепляю счёт\n\nСчёт получили, оплатим в четверг."),
    Example("ky", "Саламатсызбы, Айгүл! Уста бүгүн саат 17:00гө чейин келет."),
    Example("ky", "Урматтуу Айгүл айым, өтүнмөңүз өткөрүлдү, жума күнү жооп беребиз."),
    Example("ky", "Экрандын сүрөтүн тиркеп жибериңиз, ошондо карап көрөбүз."),
    Example("ky", "Сиз тиркеген файл ачылбай жатат, кайра жибериңизчи."),
    Example("ky", "Сырсөздүн мөөнөтү бүттү, жаңысын коюңуз: 8 белгиден кем эмес."),
    Example("ky", "Үлгүсүн тиркедим, толтуруп жибериңиз.", has_files=True),
    Example("ky", "Рахмат, карап көрөбүз."),
    Example("ky", "Телефон аппаратын алмаштырдык, эми үн так угулуп жатат, бирок дагы бир жолу чалып "
                  "текшерип көрүңүз."),
    Example("ky", "Тиркелген файлды ачып көрүңүз, анан номерин жазып жибериңиз.", has_files=True),
    Example("en", "Ok, thanks!", "", "ru"),
    Example("en", "VPN Outlook Teams SharePoint OneDrive, please check.", "", "ru"),
    Example("ru", "Готово, проверьте.", "", "ky"),
]
