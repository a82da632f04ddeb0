"""Django settings: every choice that differs between installations comes from the environment, the rest is fixed here.

Invariant: no secret stands in this file, and nothing here knows a regulation.
"""

import os
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

from liuhen.site.environment import read_environment, secret_key

_ENVIRONMENT = read_environment(os.environ)
_SOURCE = Path(__file__).resolve().parent.parent

# --- Ours ---------------------------------------------------------------------------------------------------------
DATA = _ENVIRONMENT.data
VAULT = _ENVIRONMENT.vault
LOG_PREFIX = _ENVIRONMENT.log_prefix
# Printed on issued documents; the page itself is doors/web/views/checking.
CHECK_ADDRESS = f"{_ENVIRONMENT.public_url}/check/" if _ENVIRONMENT.public_url else ""
WITNESSES = _ENVIRONMENT.witnesses
PACKS = _ENVIRONMENT.packs
WATCH = _ENVIRONMENT.watch

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
    "liuhen.records.cameras",
    "liuhen.records.drafts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
]

MIDDLEWARE = [
    "liuhen.doors.web.policy.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liuhen.doors.web.entry.Refusals",
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
                "liuhen.doors.web.frame.frame",
            ],
            "builtins": ["liuhen.doors.web.typography"],
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
AXES_LOCKOUT_CALLABLE = "liuhen.doors.web.views.signing_in.locked_out"
LOGIN_URL = "sign-in"

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one at every start
# The font of the documents is offered to browsers too, for the characters that their own fonts lack.
STATICFILES_DIRS = [_SOURCE / "doors" / "web" / "static", ("fonts", Path(sans_path()).parent)]
# Served as they lie in the package: an installation needs no collectstatic, and nothing can be forgotten.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600

# --- What the operator reads: faults with their traceback on standard error, whatever DEBUG says ------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# --- Public checking ----------------------------------------------------------------------------------------------
# What strangers may drop: bytes of a package, bytes of a PDF. Larger packages are checked offline by their own verifier.
CHECK_UPLOAD_LIMIT = 4_000_000_000
CHECK_PDF_LIMIT = 64_000_000

# --- Security headers (Content-Security-Policy, cookies, HTTPS) ---------------------------------------------------
# The policy itself is doors/web/policy.py. LIUHEN_HTTPS=1 says that a proxy in front of us speaks HTTPS.
_HTTPS = os.environ.get("LIUHEN_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
