from __future__ import annotations

from django.urls import path

from madoguchi.web.shared import views

app_name = "shared"

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/demo/", views.enter_demo, name="enter_demo"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
