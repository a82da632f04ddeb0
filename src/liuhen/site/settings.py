"""Django settings: every choice that differs between installations comes from the environment, the rest is fixed here.

Invariant: no secret stands in this file, and nothing here knows a regulation.
"""

import os
from pathlib import Path

from liuhen.site.environment import read_environment, secret_key

_ENVIRONMENT = read_environment(os.environ)
_SOURCE = Path(__file__).resolve().parent.parent

# --- Ours ---------------------------------------------------------------------------------------------------------
DATA = _ENVIRONMENT.data
VAULT = _ENVIRONMENT.vault
LOG_PREFIX = _ENVIRONMENT.log_prefix
WITNESSES = _ENVIRONMENT.witnesses

# --- Django -------------------------------------------------------------------------------------------------------
SECRET_KEY = secret_key(DATA)
DEBUG = _ENVIRONMENT.debug
ALLOWED_HOSTS = list(_ENVIRONMENT.hosts)
# ATOMIC_REQUESTS stays off: under IMMEDIATE even reading inside atomic() waits for a writer; flows open transactions.
DATABASES = {"default": _ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "liuhen.records.ledger",
    "liuhen.records.people",
    "liuhen.records.index",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # django-axes asks to stand last, so that it sees every failed login.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "liuhen.site.urls"
WSGI_APPLICATION = "liuhen.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_SOURCE / "doors" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Accounts -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [folder for folder in [_SOURCE / "doors" / "web" / "static"] if folder.is_dir()]

# --- Security headers (Content-Security-Policy, cookies, HTTPS) ---------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
