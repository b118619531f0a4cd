import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings.production")

application = get_wsgi_application()

# The dictionaries of the search are loaded now, so that nobody who searches first waits for them.
import suppliers.rules  # noqa: E402

suppliers.rules.words_of("词")
suppliers.rules.spelling("词")
