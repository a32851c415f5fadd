from __future__ import annotations

from django.urls import include, path

from madoguchi.web.office import calls, deliveries, inbox, landing, recordings, telephone

app_name = "office"

of_delivery = [
    path("", deliveries.delivery, name="delivery"),
    path("resend/", deliveries.resend, name="resend"),
    path("arrived/", deliveries.arrived, name="arrived"),
]

of_call = [
    path("", calls.call, name="call"),
    path("recording/<str:voice>/", recordings.recording, name="recording"),
]

of_letter = [
    path("", inbox.letter, name="letter"),
    path("attachments/<int:position>/", inbox.attachment, name="attachment"),
]

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/export/", deliveries.export, name="export"),
    path("deliveries/<uuid:delivery_id>/", include(of_delivery)),
    path("calls/", calls.calls, name="calls"),
    path("calls/<str:call_id>/", include(of_call)),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<str:letter_id>/", include(of_letter)),
    path("telephone/", telephone.telephone, name="telephone"),
]
