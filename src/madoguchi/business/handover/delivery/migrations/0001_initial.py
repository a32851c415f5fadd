import django.db.models.deletion
import uuid
from django.db import migrations, models

from madoguchi.business.clients import rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('intake', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Way',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('excel_mail', 'パスワード付きExcelをメールで')], default='excel_mail', max_length=20, verbose_name='方法')),
                ('recipient', models.EmailField(max_length=254, verbose_name='宛先メールアドレス')),
                ('password_encrypted', models.TextField(editable=False, verbose_name='ファイルのパスワード(暗号化済み)')),
                ('subject', models.CharField(default='受注データのご送付', max_length=120, verbose_name='件名')),
                ('is_active', models.BooleanField(default=True, verbose_name='有効')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ways', to='clients.client', verbose_name='クライアント')),
                ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ways', to='clients.programme', verbose_name='業務')),
            ],
            options={
                'verbose_name': '納品方法',
                'verbose_name_plural': '納品方法',
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('due', '送信待ち'), ('sending', '送信中'), ('delivered', '納品済み'), ('parked', '要確認')], max_length=10, verbose_name='状態')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='試行回数')),
                ('enqueued_at', models.DateTimeField(verbose_name='登録日時')),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='次回送信日時')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='納品日時')),
                ('receipt', models.TextField(blank=True, verbose_name='受領の記録')),
                ('reason_code', models.CharField(blank=True, max_length=40, verbose_name='理由コード')),
                ('reason_ja', models.TextField(blank=True, verbose_name='理由')),
                ('reason_en', models.TextField(blank=True, verbose_name='理由(英語)')),
                ('message_id', models.CharField(blank=True, max_length=200, verbose_name='Message-ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='clients.client', verbose_name='クライアント')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='intake.order', verbose_name='受注')),
                ('way', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='delivery.way', verbose_name='納品方法')),
            ],
            options={
                'verbose_name': '納品',
                'verbose_name_plural': '納品',
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='開始日時')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終了日時')),
                ('phase', models.CharField(choices=[('preparing', '準備中'), ('committing', '送信確定中'), ('ended', '終了')], default='preparing', max_length=12, verbose_name='段階')),
                ('outcome', models.CharField(blank=True, choices=[('delivered', '納品済み'), ('put_off', '再送待ち'), ('refused', '失敗'), ('unknown', '結果不明'), ('abandoned', '中断')], max_length=12, verbose_name='結果')),
                ('detail', models.TextField(blank=True, verbose_name='詳細')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client', verbose_name='クライアント')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='delivery.delivery', verbose_name='納品')),
            ],
            options={
                'verbose_name': '送信の試行',
                'verbose_name_plural': '送信の試行',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('delivery',), name='attempt_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True), ('phase', 'ended')), _connector='OR'), name='attempt_ended_has_outcome')],
            },
        ),
        migrations.AddConstraint(
            model_name='way',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('client', 'programme'), name='way_one_active', nulls_distinct=False, violation_error_message='この業務には有効な納品方法がすでにあります。先にそちらを無効にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='way',
            constraint=models.UniqueConstraint(fields=('id', 'client'), name='way_with_client'),
        ),
        migrations.AddConstraint(
            model_name='way',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['excel_mail'])), name='way_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='way',
            constraint=models.CheckConstraint(condition=models.Q(('password_encrypted', ''), _negated=True), name='way_has_password'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['due', 'sending'])), fields=['state', 'next_at'], name='delivery_open'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['client', '-enqueued_at'], name='delivery_by_client_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('id', 'client'), name='delivery_with_client'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'sending', 'delivered', 'parked'])), name='delivery_state_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'due'), _negated=True), ('next_at__isnull', False), _connector='OR'), name='delivery_due_has_time'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'delivered'), _negated=True), models.Q(('delivered_at__isnull', False), models.Q(('receipt', ''), _negated=True)), _connector='OR'), name='delivery_delivered_has_receipt'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'parked'), _negated=True), models.Q(models.Q(('reason_code', ''), _negated=True), models.Q(('reason_ja', ''), _negated=True), models.Q(('reason_en', ''), _negated=True)), _connector='OR'), name='delivery_parked_has_reason'),
        ),
        migrations.RunSQL(rls.protect("delivery_way"), rls.unprotect("delivery_way")),
        migrations.RunSQL(rls.protect("delivery_delivery"), rls.unprotect("delivery_delivery")),
        migrations.RunSQL(rls.protect("delivery_attempt", portal=False), rls.unprotect("delivery_attempt")),
        # The portal may see how its orders go out, but never the file's password.
        migrations.RunSQL(
            "REVOKE SELECT ON delivery_way FROM madoguchi_portal;"
            "GRANT SELECT (id, client_id, programme_id, kind, recipient, subject, is_active)"
            " ON delivery_way TO madoguchi_portal;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(*rls.same_client("delivery_way", "programme_id", "clients_programme")),
        migrations.RunSQL(*rls.same_client("delivery_delivery", "order_id", "intake_order")),
        migrations.RunSQL(*rls.same_client("delivery_delivery", "way_id", "delivery_way")),
        migrations.RunSQL(*rls.same_client("delivery_attempt", "delivery_id", "delivery_delivery")),
    ]
