import django.db.models.deletion
from django.db import migrations, models

from madoguchi.business.clients import rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('last_entry_id', models.BigIntegerField(verbose_name='最後の記録番号')),
                ('state', models.JSONField(verbose_name='状態')),
            ],
            options={
                'verbose_name': '交換台の控え',
                'verbose_name_plural': '交換台の控え',
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('programme', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='waiting', serialize=False, to='clients.programme', verbose_name='業務')),
                ('waiting', models.PositiveIntegerField(verbose_name='待ち呼数')),
                ('oldest_arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='最も長い待ちの着信日時')),
            ],
            options={
                'verbose_name': '待ち呼',
                'verbose_name_plural': '待ち呼',
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='通話ID')),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='着信番号')),
                ('caller', models.CharField(blank=True, max_length=40, verbose_name='発信者番号')),
                ('arrived_at', models.DateTimeField(verbose_name='着信日時')),
                ('ring_count', models.PositiveSmallIntegerField(default=0, verbose_name='呼出回数')),
                ('first_rang_at', models.DateTimeField(blank=True, null=True, verbose_name='最初の呼出日時')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='応答日時')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終話日時')),
                ('wrap_up_ended_at', models.DateTimeField(blank=True, null=True, verbose_name='後処理終了日時')),
                ('disposition', models.CharField(choices=[('in_progress', '進行中'), ('answered', '応答'), ('abandoned', '放棄'), ('lost', '切断'), ('rejected', '拒否')], default='in_progress', max_length=12, verbose_name='結果')),
                ('ended_by', models.CharField(blank=True, choices=[('caller', 'お客様'), ('agent', 'コミュニケーター'), ('system', 'システム')], max_length=6, verbose_name='切断者')),
                ('held_s', models.FloatField(default=0, verbose_name='保留秒数')),
                ('recording_caller', models.CharField(blank=True, max_length=200, verbose_name='録音(お客様)')),
                ('recording_agent', models.CharField(blank=True, max_length=200, verbose_name='録音(応答者)')),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='staff.agent', verbose_name='応答者')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='clients.client', verbose_name='クライアント')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='clients.programme', verbose_name='業務')),
            ],
            options={
                'verbose_name': '通話',
                'verbose_name_plural': '通話',
            },
        ),
        migrations.CreateModel(
            name='DeskRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=16, verbose_name='依頼')),
                ('call_id', models.CharField(blank=True, max_length=80, null=True, verbose_name='通話ID')),
                ('reason', models.CharField(blank=True, max_length=12, null=True, verbose_name='離席理由')),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='処理日時')),
                ('refusal', models.CharField(blank=True, max_length=60, verbose_name='拒否理由')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_requests', to='staff.agent', verbose_name='コミュニケーター')),
            ],
            options={
                'verbose_name': 'デスクからの依頼',
                'verbose_name_plural': 'デスクからの依頼',
            },
        ),
        migrations.CreateModel(
            name='HoldSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='開始')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終了')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hold_spans', to='calls.call', verbose_name='通話')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client', verbose_name='クライアント')),
            ],
            options={
                'verbose_name': '保留',
                'verbose_name_plural': '保留',
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('call_id', models.CharField(blank=True, max_length=80, null=True, verbose_name='通話ID')),
                ('agent_id', models.BigIntegerField(blank=True, null=True, verbose_name='コミュニケーター番号')),
                ('kind', models.CharField(max_length=40, verbose_name='種類')),
                ('event', models.JSONField(verbose_name='出来事')),
                ('commands', models.JSONField(verbose_name='指示')),
                ('batch', models.UUIDField(verbose_name='書込単位')),
            ],
            options={
                'verbose_name': '交換台の記録',
                'verbose_name_plural': '交換台の記録',
                'indexes': [models.Index(condition=models.Q(('call_id__isnull', False)), fields=['call_id'], name='journal_of_call')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to='staff.agent', verbose_name='コミュニケーター')),
                ('state', models.CharField(max_length=10, verbose_name='状態')),
                ('since', models.DateTimeField(verbose_name='開始')),
                ('call_id', models.CharField(blank=True, max_length=80, null=True, verbose_name='通話ID')),
                ('programme_id', models.BigIntegerField(blank=True, null=True, verbose_name='業務番号')),
                ('reason', models.CharField(blank=True, max_length=12, verbose_name='離席理由')),
            ],
            options={
                'verbose_name': '在席状況',
                'verbose_name_plural': '在席状況',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['off', 'away', 'ready', 'ringing', 'talking', 'holding', 'wrap_up'])), name='presence_state_known')],
            },
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['client', '-arrived_at'], name='call_of_client_by_time'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('agent__isnull', False)), fields=['agent', '-answered_at'], name='call_of_agent_by_time'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('disposition', 'in_progress')), fields=['arrived_at'], name='call_in_progress'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('id', 'client'), name='call_with_client'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('disposition__in', ['in_progress', 'answered', 'abandoned', 'lost', 'rejected'])), name='call_disposition_known'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('ended_by__in', ['', 'caller', 'agent', 'system'])), name='call_ended_by_known'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disposition', 'in_progress'), ('ended_at', None), ('ended_by', '')), models.Q(models.Q(('disposition', 'in_progress'), _negated=True), ('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='call_in_progress_until_it_ended'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agent', None), ('answered_at', None)), models.Q(('agent__isnull', False), ('answered_at__isnull', False)), _connector='OR'), name='call_answered_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disposition', 'abandoned'), _negated=True), ('answered_at', None), _connector='OR'), name='call_abandoned_means_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disposition', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='call_answered_means_answered'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_at__gte', models.F('arrived_at')), _connector='OR'), models.Q(('ended_at', None), ('ended_at__gte', models.F('arrived_at')), _connector='OR')), name='call_in_order_of_time'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('held_s__gte', 0)), name='call_held_not_negative'),
        ),
        migrations.AddIndex(
            model_name='deskrequest',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['id'], name='desk_request_open'),
        ),
        migrations.AddConstraint(
            model_name='deskrequest',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['sign_in', 'ready', 'away', 'sign_out', 'hold', 'resume', 'hang_up', 'finish_wrap_up'])), name='desk_verb_known'),
        ),
        migrations.AddConstraint(
            model_name='deskrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', None), ('reason__in', ['break', 'work', 'training', 'no_answer', 'unreachable']), _connector='OR'), name='desk_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='holdspan',
            constraint=models.UniqueConstraint(fields=('call', 'began_at'), name='hold_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='holdspan',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('began_at')), _connector='OR'), name='hold_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='holdspan',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('call',), name='hold_one_at_a_time'),
        ),
        migrations.RunSQL(rls.protect("calls_call"), rls.unprotect("calls_call")),
        migrations.RunSQL(rls.protect("calls_holdspan"), rls.unprotect("calls_holdspan")),
        migrations.RunSQL(*rls.same_client("calls_call", "programme_id", "clients_programme")),
        migrations.RunSQL(*rls.same_client("calls_holdspan", "call_id", "calls_call")),
    ]
