"""What a buyer says of what was received."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField
from orders.commands.reviewing import ReviewRefusal
from orders.rules.reviewing import PHOTOS_MAX, STARS, TAGS, TAGS_MAX, TEXT_MAX

STAR_WORDS = {1: _("很不满意"), 2: _("不满意"), 3: _("一般"), 4: _("满意"), 5: _("非常满意")}


class ReviewForm(forms.Form):
    """Stars, tags, words and photos."""

    stars = forms.TypedChoiceField(
        label=_("打分"),
        coerce=int,
        choices=[(star, STAR_WORDS[star]) for star in STARS],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), ReviewRefusal.BAD_STARS.label),
    )
    tags = forms.MultipleChoiceField(
        label=_("说说哪里好或不好"),
        required=False,
        choices=[(tag, tag) for tag in TAGS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": ReviewRefusal.BAD_TAGS.label},
    )
    text = forms.CharField(
        label=_("评价"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("味道、包装、送货，都可以说说")}),
        error_messages={"max_length": ReviewRefusal.BAD_TEXT.label},
    )
    photos = PhotosField(label=_("图片"), count_max=PHOTOS_MAX, required=False)
    is_anonymous = forms.BooleanField(label=_("匿名评价"), required=False)

    def clean_tags(self) -> list[str]:
        tags: list[str] = self.cleaned_data["tags"]
        if len(tags) > TAGS_MAX:
            raise forms.ValidationError(ReviewRefusal.BAD_TAGS.label)
        return tags


class FollowUpForm(forms.Form):
    """One more word, some time later."""

    text = forms.CharField(
        label=_("追评"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("用了一段时间，现在觉得怎么样")}),
        error_messages={
            "required": ReviewRefusal.NOTHING_SAID.label,
            "max_length": ReviewRefusal.BAD_TEXT.label,
        },
    )
