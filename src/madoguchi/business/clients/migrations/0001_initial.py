import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from madoguchi.business.clients import news, rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='コード')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('reading', models.CharField(blank=True, max_length=80, verbose_name='よみ')),
                ('colour', models.CharField(default='#1f6f5c', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$')], verbose_name='色')),
                ('is_active', models.BooleanField(default=True, verbose_name='有効')),
            ],
            options={
                'verbose_name': 'クライアント',
                'verbose_name_plural': 'クライアント',
                'constraints': [models.CheckConstraint(condition=models.Q(('colour__regex', '^#[0-9a-f]{6}$')), name='client_colour', violation_error_message='色は #1f6f5c のように、# と小文字の 16 進数 6 桁で入力してください。')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='clients.client', verbose_name='クライアント')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='membership', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
            ],
            options={
                'verbose_name': '所属',
                'verbose_name_plural': '所属',
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('mode', models.CharField(choices=[('shared', 'シェアード'), ('dedicated', '専任')], default='shared', max_length=10, verbose_name='体制')),
                ('contracted_lines', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='契約回線数')),
                ('greeting', models.TextField(verbose_name='第一声')),
                ('ring_s', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(120)], verbose_name='呼出秒数')),
                ('wrap_up_s', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='後処理の上限秒数')),
                ('record', models.BooleanField(default=True, verbose_name='録音する')),
                ('target_answer_rate', models.PositiveSmallIntegerField(default=85, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='目標応答率(%)')),
                ('is_active', models.BooleanField(default=True, verbose_name='有効')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='clients.client', verbose_name='クライアント')),
            ],
            options={
                'verbose_name': '業務',
                'verbose_name_plural': '業務',
                'constraints': [models.UniqueConstraint(fields=('client', 'name'), name='programme_name_once_per_client', violation_error_message='このクライアントには同じ名称の業務がすでにあります。'), models.UniqueConstraint(fields=('id', 'client'), name='programme_with_client'), models.CheckConstraint(condition=models.Q(('mode__in', ['shared', 'dedicated'])), name='programme_mode_known'), models.CheckConstraint(condition=models.Q(('contracted_lines__gte', 1)), name='programme_has_lines'), models.CheckConstraint(condition=models.Q(('ring_s__gte', 5), ('ring_s__lte', 120)), name='programme_ring_time'), models.CheckConstraint(condition=models.Q(('target_answer_rate__gte', 1), ('target_answer_rate__lte', 100)), name='programme_target_is_per_cent')],
            },
        ),
        migrations.RunSQL(rls.protect("clients_client", client_column="id"), rls.unprotect("clients_client")),
        migrations.RunSQL(rls.protect("clients_programme"), rls.unprotect("clients_programme")),
        migrations.RunSQL(rls.protect("clients_membership", portal=False), rls.unprotect("clients_membership")),
        migrations.RunSQL(rls.protect("accounts_auditentry", portal=False), rls.unprotect("accounts_auditentry")),
        migrations.RunSQL(news.MAKE_FUNCTION, news.DROP_FUNCTION),
        migrations.RunSQL(*news.tell("clients_client")),
        migrations.RunSQL(*news.tell("clients_programme")),
    ]
