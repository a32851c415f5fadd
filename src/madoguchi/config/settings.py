"""Django's settings, all from the environment and the runtime folder; nothing is connected to or started."""

from __future__ import annotations

import os

import django_stubs_ext

from madoguchi.config.database import database_urls, django_databases
from madoguchi.config.home import PROJECT, Home, Ports
from madoguchi.config.logs import configure_structlog, django_logging
from madoguchi.config.policy import content_security_policy

# Lets `ModelAdmin[Client]` and the like be written at run time too, as mypy asks for.
django_stubs_ext.monkeypatch()


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _listed(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


HOME = Home.from_environment()
PORTS = Ports.from_environment()
_secrets = HOME.secrets()

# ---------------------------------------------------------------- the house

MADOGUCHI_HOME = HOME
MADOGUCHI_PORTS = PORTS
MADOGUCHI_DEMO = _flag("MADOGUCHI_DEMO")
MADOGUCHI_DATABASE_URLS = database_urls(HOME)
MADOGUCHI_FIELD_KEY = _secrets.field_encryption
MADOGUCHI_TELEPHONES = _secrets.test_telephones()

DEBUG = _flag("MADOGUCHI_DEBUG")
SECRET_KEY = _secrets.django_key
ROOT_URLCONF = "madoguchi.config.urls"
ASGI_APPLICATION = "madoguchi.config.asgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "madoguchi.business.accounts",
    "madoguchi.business.clients",
    "madoguchi.business.knowledge",
    "madoguchi.business.correspondence",
    "madoguchi.business.lines",
    "madoguchi.business.staff",
    "madoguchi.business.calls",
    "madoguchi.business.intake",
    "madoguchi.business.handover.delivery",
    "madoguchi.web.shared",
    "madoguchi.web.desk",
    "madoguchi.web.office",
    "madoguchi.web.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "madoguchi.config.static.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# ---------------------------------------------------------------- the database

DATABASES = django_databases(MADOGUCHI_DATABASE_URLS, pooled=not _flag("MADOGUCHI_NO_DATABASE_POOL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_DATABASE_ALIAS = "default"

# ---------------------------------------------------------------- who comes in

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "shared:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
_public_names = _listed("MADOGUCHI_HOSTS")
"""The names under which others reach this centre; behind a TLS proxy. None: this machine only."""

ALLOWED_HOSTS = LOOPBACK_NAMES + _public_names
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in _public_names]
if _public_names:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(_public_names)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
"""A long shift; nobody stays signed in overnight."""
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = content_security_policy([*LOOPBACK_NAMES, *_public_names], PORTS.asterisk_http)

# ---------------------------------------------------------------- language and time

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "src" / "madoguchi" / "web" / "shared" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# ---------------------------------------------------------------- files and mail

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
"""Served straight from the packages: nobody needs to run `collectstatic`."""
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_HOST = os.environ.get("MADOGUCHI_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("MADOGUCHI_SMTP_PORT") or PORTS.mail)
EMAIL_HOST_USER = os.environ.get("MADOGUCHI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MADOGUCHI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("MADOGUCHI_SMTP_STARTTLS")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("MADOGUCHI_MAIL_FROM", "madoguchi@localhost")

# ---------------------------------------------------------------- logs

LOG_LEVEL = os.environ.get("MADOGUCHI_LOG_LEVEL", "INFO").upper()
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = django_logging(LOG_LEVEL)
configure_structlog()
