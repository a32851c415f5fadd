import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from madoguchi.business.clients import news


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='氏名')),
                ('reading', models.CharField(blank=True, max_length=60, verbose_name='よみ')),
                ('sip_secret', models.CharField(max_length=64, verbose_name='電話機のパスワード')),
                ('is_active', models.BooleanField(default=True, verbose_name='在籍')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agent', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
            ],
            options={
                'verbose_name': 'コミュニケーター',
                'verbose_name_plural': 'コミュニケーター',
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日(この日から無効)')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='staff.agent', verbose_name='コミュニケーター')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='clients.programme', verbose_name='業務')),
            ],
            options={
                'verbose_name': '認定',
                'verbose_name_plural': '認定',
            },
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(('sip_secret', ''), _negated=True), name='agent_has_sip_secret'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['valid_from', 'valid_to'], name='certificate_by_day'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('agent', 'programme', 'valid_from'), name='certificate_once_per_day', violation_error_message='同じ開始日の認定がすでにあります。'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='certificate_ends_after_it_began', violation_error_message='終了日は開始日より後の日付にしてください。'),
        ),
        migrations.RunSQL(*news.tell("staff_agent")),
        migrations.RunSQL(*news.tell("staff_certificate")),
    ]
